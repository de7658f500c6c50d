package dev.canvas.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What has to hold for the documents of this repository. Each check returns one line for each
 * fault: file, line, what is wrong and what to do.
 */
final class DocumentChecks {

  private static final int MAX_README_LINES = 150;
  private static final int MAX_LINE = 120;

  /** Where operators look a message up. */
  private static final String OPERATIONS = "docs/operations.md";

  private static final String LOG_MESSAGES = "## Log messages";

  /** What stands for the parts of a message that vary. */
  private static final String VARYING = "…";

  /** Where documents are; others, such as those of installed packages, are not ours. */
  private static final List<String> FOLDERS = List.of("docs", "perf", "seed", "src");

  private static final Set<String> SKIPPED = Set.of("node_modules", "target", "results");

  /** Names in the style of a class that belong to the JDK, to libraries or to browsers. */
  private static final Set<String> FOREIGN_CLASSES =
      Set.of(
          "ArrayList",
          "ConcurrentHashMap",
          "EventBus",
          "GZIPOutputStream",
          "HttpConnection",
          "HttpServer",
          "HttpServerConnection",
          "JsonObject",
          "LinkedHashMap",
          "NoSuchMethodError",
          "ReadTimeoutHandler",
          "ReplyException",
          "ReplyFailure",
          "ResizeObserver",
          "ShutdownEvent",
          "SockJSHandler",
          "VertxInternal",
          "WebSocket");

  /** What the packages of others begin with. */
  private static final Pattern FOREIGN_PACKAGE = Pattern.compile("(?:com|io|java|javax|org)\\..*");

  /** Paths that a command creates, so they need not exist. */
  private static final Set<String> CREATED_PATHS = Set.of("perf/results");

  /** A class, or one of its members: two words in camel case, or one behind a package. */
  private static final Pattern CLASS =
      Pattern.compile(
          "(?<package>(?:[a-z][a-z0-9]*\\.)*)"
              + "(?<names>[A-Z][A-Za-z0-9]*(?:[.#][A-Za-z_][A-Za-z0-9_]*)*)(?:\\(.*\\))?");

  private static final Pattern CAMEL_CASE = Pattern.compile("[A-Z]+[a-z0-9]+[A-Z]\\w*");
  private static final Pattern PATH =
      Pattern.compile("(?:\\.ci|conf|docs|perf|seed|src)/[A-Za-z0-9_./-]+");
  private static final Pattern INSTRUCTIONS = Pattern.compile("README\\.md|docs/.*");

  /** What .ci/run-documents reads, too. */
  private static final Pattern MARK =
      Pattern.compile(
          "<!-- (?:run(?: on [\\w, -]+| until .+| by (?<runner>\\S+))?|not run: .{8,}) -->");

  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  private final Path root;
  private final List<Document> documents = new ArrayList<>();
  private final SourceTree sources;

  DocumentChecks(Path root) throws IOException {
    this.root = root.toAbsolutePath().normalize();
    this.sources = SourceTree.read(this.root);
    addAll(this.root, 1);
    for (String folder : FOLDERS) {
      addAll(this.root.resolve(folder), Integer.MAX_VALUE);
    }
  }

  /** Blocks of commands for readers that no test executes, and that do not say why. */
  List<String> unexecutedBlocks() {
    return each(
        document -> INSTRUCTIONS.matcher(document.name()).matches() ? document.marks() : List.of(),
        this::faultOfMark);
  }

  /** Relative links and their anchors. */
  List<String> deadLinks() {
    return each(Document::links, this::faultOfLink);
  }

  /** Classes, and paths of this repository, that are named in backticks and are not there. */
  List<String> unknownNames() {
    return each(Document::code, (document, code) -> faultOfName(code));
  }

  /** Lines of running text that are too long to be read in a terminal. */
  List<String> longLines() {
    return each(
        Document::text,
        (document, text) -> {
          int length = text.codePointCount(0, text.length());
          return length <= MAX_LINE
              ? null
              : "has %d characters: break it after %d".formatted(length, MAX_LINE);
        });
  }

  /** Citations of a document that is not in the repository. */
  List<String> citationsOfDesign() {
    return each(
        Document::text,
        (document, text) ->
            text.matches(".*\\bDESIGN\\b.*")
                ? "cites DESIGN, which is not in the repository: say what it says, or link to an ADR"
                : null);
  }

  /** Log messages that operators would look for in vain, as Canvas logs another text by now. */
  List<String> unknownLogMessages() {
    return each(
        document ->
            document.name().equals(OPERATIONS) ? document.codeBelow(LOG_MESSAGES) : List.of(),
        (document, message) ->
            Arrays.stream(message.split(VARYING)).allMatch(sources::hasText)
                ? null
                : "no class logs `%s`: copy the text from the code, with %s for what varies"
                    .formatted(message, VARYING));
  }

  /** A README that is no introduction any more. */
  List<String> longReadme() {
    return documents.stream()
        .filter(document -> document.name().equals("README.md"))
        .filter(document -> document.lines().size() > MAX_README_LINES)
        .map(
            document ->
                "README.md:%d: the README may have %d lines: move details to docs/"
                    .formatted(document.lines().size(), MAX_README_LINES))
        .toList();
  }

  private interface Judge {
    /** What is wrong with a piece of a document and what to do; null if it is right. */
    String faultOf(Document document, String text);
  }

  private List<String> each(Function<Document, List<Document.Place>> pieces, Judge judge) {
    List<String> faults = new ArrayList<>();
    for (Document document : documents) {
      for (Document.Place place : pieces.apply(document)) {
        String fault = judge.faultOf(document, place.text());
        if (fault != null) {
          faults.add("%s:%d: %s".formatted(document.name(), place.line(), fault));
        }
      }
    }
    return faults;
  }

  private String faultOfMark(Document document, String line) {
    Matcher mark = MARK.matcher(line);
    if (!mark.matches()) {
      return "no mark of .ci/run-documents says whether a test executes it: <!-- run -->, for"
          + " example";
    }
    String runner = mark.group("runner");
    String name = document.name().replaceFirst(".*/", "");
    return runner == null || sources.reads(runner, name) || scriptMentions(runner, name)
        ? null
        : "%s, which is said to execute this block, does not read %s".formatted(runner, name);
  }

  private boolean scriptMentions(String script, String document) {
    try {
      return Files.readString(root.resolve(script)).contains(document);
    } catch (IOException noSuchFile) {
      return false;
    }
  }

  private String faultOfLink(Document document, String target) {
    if (SCHEME.matcher(target).matches()) {
      return null;
    }
    String[] parts = target.split("#", 2);
    Path folder = root.resolve(document.name()).getParent();
    Path file =
        parts[0].isEmpty() ? root.resolve(document.name()) : folder.resolve(parts[0]).normalize();
    if (!file.startsWith(root) || !Files.exists(file)) {
      return "the link to %s is dead: there is no %s; correct the path".formatted(target, file);
    }
    if (parts.length == 1 || !file.toString().endsWith(".md")) {
      return null;
    }
    Set<String> anchors = anchorsOf(file);
    return anchors.contains(parts[1])
        ? null
        : "the link to %s is dead: the document has no heading #%s; use one of %s"
            .formatted(target, parts[1], anchors);
  }

  private Set<String> anchorsOf(Path file) {
    try {
      return Document.read(root, file).anchors();
    } catch (IOException unreadable) {
      return Set.of();
    }
  }

  private String faultOfName(String code) {
    String firstWord = code.split("\\s", 2)[0];
    if (PATH.matcher(firstWord).matches()) {
      return faultOfPath(firstWord.replaceAll("[/.]+$", ""));
    }
    Matcher named = CLASS.matcher(code);
    if (!named.matches()) {
      return null;
    }
    String packageName = named.group("package").replaceFirst("\\.$", "");
    List<String> names = Arrays.asList(named.group("names").split("[.#]"));
    String name = names.get(0);
    boolean foreign =
        FOREIGN_CLASSES.contains(name)
            || FOREIGN_PACKAGE.matcher(named.group("package")).matches()
            || (packageName.isEmpty() && !CAMEL_CASE.matcher(name).matches());
    if (foreign || sources.has(packageName, names)) {
      return null;
    }
    List<String> packages = sources.packagesOf(name);
    return packages.isEmpty()
        ? "there is no class %s (`%s`): use its new name, or add it to FOREIGN_CLASSES if it is not ours"
            .formatted(name, code)
        : "`%s` is not there: %s is in %s; correct the package or the member"
            .formatted(code, name, packages);
  }

  /** A name may be cut short, as decision records are named by their numbers. */
  private String faultOfPath(String path) {
    Path file = root.resolve(path);
    if (Files.exists(file) || CREATED_PATHS.contains(path)) {
      return null;
    }
    try (Stream<Path> siblings = Files.list(file.getParent())) {
      String start = file.getFileName().toString();
      if (siblings.anyMatch(each -> each.getFileName().toString().startsWith(start + "-"))) {
        return null;
      }
    } catch (IOException noFolder) {
      // Reported below.
    }
    return "there is no `%s`: correct the path, or add it to CREATED_PATHS if a command creates it"
        .formatted(path);
  }

  private void addAll(Path folder, int depth) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".md"))
              .filter(this::isOurs)
              .sorted()
              .toList();
      for (Path file : found) {
        documents.add(Document.read(root, file));
      }
    }
  }

  private boolean isOurs(Path file) {
    for (Path part : root.relativize(file)) {
      if (SKIPPED.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
