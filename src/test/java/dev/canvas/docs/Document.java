package dev.canvas.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A Markdown file of this repository, as GitHub reads it. Immutable.
 *
 * @param name the path from the root of the repository
 * @param lines the text; numbers of lines count from 1
 */
record Document(String name, List<String> lines) {

  /** A piece of a document and where it is. */
  record Place(int line, String text) {}

  private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");
  private static final Pattern COMMANDS = Pattern.compile(" {0,3}```(sh|bash|shell|console)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *#*");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK =
      Pattern.compile("\\[(?:[^\\[\\]]|\\[[^\\[\\]]*])*]\\(([^()\\s]+)(?: \"[^\"]*\")?\\)");
  private static final Pattern REFERENCE = Pattern.compile("^ {0,3}\\[[^\\]]+]: +(\\S+).*");
  private static final Pattern LINK_TARGET = Pattern.compile("]\\([^()\\s]+\\)");
  private static final Pattern URL = Pattern.compile("https?://\\S+");

  Document {
    lines = List.copyOf(lines);
  }

  static Document read(Path root, Path file) throws IOException {
    return new Document(
        root.relativize(file).toString().replace('\\', '/'), Files.readAllLines(file));
  }

  /** The targets of its links and pictures, outside code. */
  List<Place> links() {
    List<Place> links = new ArrayList<>();
    for (Place line : prose()) {
      String text = CODE.matcher(line.text).replaceAll("`code`");
      LINK.matcher(text).results().forEach(link -> links.add(new Place(line.line, link.group(1))));
      Matcher reference = REFERENCE.matcher(text);
      if (reference.matches()) {
        links.add(new Place(line.line, reference.group(1)));
      }
    }
    return links;
  }

  /** What it has in backticks, outside blocks of code. */
  List<Place> code() {
    List<Place> code = new ArrayList<>();
    for (Place line : prose()) {
      CODE.matcher(line.text)
          .results()
          .forEach(piece -> code.add(new Place(line.line, piece.group(1).strip())));
    }
    return code;
  }

  /** The code in the first column of tables, between a heading and the next one of its level. */
  List<Place> codeBelow(String heading) {
    int begin = lines.indexOf(heading) + 1;
    String level = heading.substring(0, heading.indexOf(' ') + 1);
    int end = begin;
    while (begin > 0 && end < lines.size() && !lines.get(end).startsWith(level)) {
      end++;
    }
    int last = end;
    return code().stream()
        .filter(piece -> piece.line > begin && piece.line <= last)
        .filter(piece -> lines.get(piece.line - 1).startsWith("|"))
        .filter(piece -> firstCell(lines.get(piece.line - 1)).contains('`' + piece.text + '`'))
        .toList();
  }

  private static String firstCell(String row) {
    return row.substring(1, Math.max(1, row.indexOf('|', 1)));
  }

  /** The anchors of its headings. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Place line : prose()) {
      Matcher heading = HEADING.matcher(line.text);
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        int before = counts.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  /** The lines outside code and tables, each without the targets of its links. */
  List<Place> text() {
    return prose().stream()
        .filter(line -> !line.text.strip().startsWith("|"))
        .map(line -> new Place(line.line, withoutTargets(line.text)))
        .toList();
  }

  /** The lines before its blocks of commands: each says whether a test executes the block. */
  List<Place> marks() {
    return IntStream.range(0, lines.size())
        .filter(i -> COMMANDS.matcher(lines.get(i)).matches())
        .mapToObj(i -> new Place(i + 1, i == 0 ? "" : lines.get(i - 1)))
        .toList();
  }

  /** The lines outside blocks of code. */
  private List<Place> prose() {
    List<Place> prose = new ArrayList<>();
    String fence = null;
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = FENCE.matcher(lines.get(i));
      String mark = matcher.matches() ? matcher.group(1) : null;
      if (fence == null && mark == null && !lines.get(i).startsWith("    ")) {
        prose.add(new Place(i + 1, lines.get(i)));
      } else if (fence == null) {
        fence = mark;
      } else if (fence.equals(mark)) {
        fence = null;
      }
    }
    return prose;
  }

  private static String withoutTargets(String line) {
    return URL.matcher(LINK_TARGET.matcher(line).replaceAll("]")).replaceAll("");
  }

  /** GitHub's rule: lower case, hyphens for spaces, no punctuation. */
  private static String anchor(String heading) {
    String text = heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1").replace("`", "");
    StringBuilder anchor = new StringBuilder();
    IntStream points = text.toLowerCase(Locale.ROOT).strip().codePoints();
    points.forEach(
        point -> {
          if (Character.isLetterOrDigit(point) || point == '-' || point == '_') {
            anchor.appendCodePoint(point);
          } else if (point == ' ') {
            anchor.append('-');
          }
        });
    return anchor.toString();
  }
}
