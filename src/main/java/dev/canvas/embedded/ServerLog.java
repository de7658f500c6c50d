package dev.canvas.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The log file of one server, or the output of one program; the run before is kept as {@code .1}.
 */
record ServerLog(Path file) {

  /** In the words of glibc and macOS, or of musl, with which Redis is linked. */
  private static final Pattern TAKEN = Pattern.compile("Address (already )?in use");

  private static final Pattern TROUBLE = Pattern.compile("\\b(FATAL|PANIC|ERROR|error):");

  /** Puts the previous run's log aside, so that all there is to read is of this run. */
  void begin() throws IOException {
    if (Files.exists(file)) {
      Path previous = file.resolveSibling(file.getFileName() + ".1");
      Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  String text() {
    try {
      // Paths and messages in a log are in whatever encoding the machine has: never fail on them.
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      return "";
    }
  }

  boolean tellsOfTakenPort() {
    return TAKEN.matcher(text()).find();
  }

  /** The last {@code count} lines that are not blank. */
  List<String> lastLines(int count) {
    List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /** The last line that tells of trouble, or else the last line; with the name of the file. */
  String lastTrouble() {
    List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      return "its log " + file + " is empty";
    }
    String told =
        lines.stream()
            .filter(line -> TROUBLE.matcher(line).find())
            .reduce((earlier, later) -> later)
            .orElse(lines.get(lines.size() - 1));
    return "\"" + told.strip() + "\" in " + file;
  }
}
