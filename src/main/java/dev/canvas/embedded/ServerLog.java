package dev.canvas.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The log file of a server, or the output of a program. The previous run's file is kept as {@code
 * .1}.
 */
record ServerLog(Path file) {

  /** The message of glibc and macOS, and that of musl, with which Redis is linked. */
  private static final Pattern TAKEN = Pattern.compile("Address (already )?in use");

  private static final Pattern ERROR = Pattern.compile("\\b(FATAL|PANIC|ERROR|error):");

  /** Renames the previous run's log, so that the file contains this run only. */
  void begin() throws IOException {
    if (Files.exists(file)) {
      Path previous = file.resolveSibling(file.getFileName() + ".1");
      Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The content of the file; empty if it cannot be read. */
  String text() {
    try {
      // The encoding is the machine's. ISO 8859-1 decodes any bytes.
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether the server could not listen because another program uses its port. */
  boolean reportsTakenPort() {
    return TAKEN.matcher(text()).find();
  }

  /** The last {@code count} lines that are not blank. */
  List<String> lastLines(int count) {
    List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /**
   * The last line that reports an error, otherwise the last line, quoted with the name of the file.
   */
  String lastError() {
    List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      return "its log " + file + " is empty";
    }
    String quoted =
        lines.stream()
            .filter(line -> ERROR.matcher(line).find())
            .reduce((earlier, later) -> later)
            .orElse(lines.get(lines.size() - 1));
    return "\"" + quoted.strip() + "\" in " + file;
  }
}
