package dev.canvas.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java classes of this repository by their simple names. Immutable once read. */
final class SourceTree {

  private static final List<String> ROOTS =
      List.of("src/main/java", "src/test/java", "src/jmh/java");
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^\\s*(?:(?:public|protected|private|static|final|abstract|sealed)\\s+)*"
              + "(?:class|@?interface|enum|record)\\s+([A-Z]\\w*)");

  private record Type(String packageName, String source) {}

  /** Between the pieces of a text that is longer than a line. */
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

  private final Map<String, List<Type>> types = new HashMap<>();
  private final StringBuilder texts = new StringBuilder();

  private SourceTree() {}

  static SourceTree read(Path root) throws IOException {
    SourceTree tree = new SourceTree();
    for (String name : ROOTS) {
      Path sources = root.resolve(name);
      if (Files.isDirectory(sources)) {
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
            tree.add(sources, file);
          }
        }
      }
    }
    return tree;
  }

  private void add(Path sources, Path file) throws IOException {
    String packageName = sources.relativize(file.getParent()).toString().replaceAll("[/\\\\]", ".");
    String source = Files.readString(file);
    if (source.contains("LOG.") || source.contains("logger.warn(")) {
      texts.append(JOINED.matcher(source).replaceAll(""));
    }
    Matcher type = TYPE.matcher(source);
    while (type.find()) {
      types
          .computeIfAbsent(type.group(1), any -> new ArrayList<>())
          .add(new Type(packageName, source));
    }
  }

  /**
   * Whether there is such a class.
   *
   * @param packageName all or the end of the name of its package; empty for any
   * @param names the class, the classes nested in it, and a member of the last one
   */
  boolean has(String packageName, List<String> names) {
    return types.getOrDefault(names.get(0), List.of()).stream()
        .filter(
            type -> ("." + type.packageName).endsWith("." + packageName) || packageName.isEmpty())
        .anyMatch(type -> names.stream().allMatch(name -> mentions(type.source, name)));
  }

  /** Whether a class of this name reads a document, itself or by one of its package that does. */
  boolean reads(String name, String document) {
    return types.getOrDefault(name, List.of()).stream()
        .anyMatch(
            type ->
                type.source.contains(document)
                    || (type.source.contains("OperationsDocument.")
                        && reads("OperationsDocument", document)));
  }

  /** Whether a text, or a part of one, is in a class that logs. */
  boolean hasText(String text) {
    return texts.indexOf(text) >= 0;
  }

  /** The packages that have a class of this name. */
  List<String> packagesOf(String name) {
    return types.getOrDefault(name, List.of()).stream().map(Type::packageName).distinct().toList();
  }

  private static boolean mentions(String source, String name) {
    return Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(source).find();
  }
}
