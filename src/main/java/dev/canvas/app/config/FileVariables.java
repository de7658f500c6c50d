package dev.canvas.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads settings from files, as Docker and Kubernetes hand over secrets: {@code
 * CANVAS_POSTGRES_URI_FILE} names a file with the value of {@code CANVAS_POSTGRES_URI}. A variable
 * is seen by every child of a process, and by whoever may inspect a container.
 */
final class FileVariables {

  static final String SUFFIX = "_FILE";

  private FileVariables() {}

  /**
   * The variables that have a file instead of a value, with the names of their files.
   *
   * @param known the variables that may have a file
   * @throws StartFailure if such a variable is set as well
   */
  static Map<String, String> files(Map<String, String> environment, Set<String> known) {
    Map<String, String> files = new HashMap<>();
    environment.forEach(
        (name, file) -> {
          String variable =
              name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
          if (known.contains(variable)) {
            if (environment.containsKey(variable)) {
              throw new StartFailure("%s and %s are both set: unset one".formatted(variable, name));
            }
            files.put(variable, file);
          }
        });
    return files;
  }

  /**
   * The environment with the content of the files in place of their names.
   *
   * @throws StartFailure if a file cannot be read
   */
  static Map<String, String> read(Map<String, String> environment, Map<String, String> files) {
    Map<String, String> read = new HashMap<>(environment);
    files.forEach(
        (variable, file) -> {
          read.remove(variable + SUFFIX);
          read.put(variable, content(variable, file));
        });
    return read;
  }

  /**
   * The value of a variable that has a file, without the end of the last line, which editors and
   * {@code echo} write.
   *
   * @throws StartFailure if it cannot be read
   */
  static String content(String variable, String file) {
    try {
      return Files.readString(Path.of(file)).stripTrailing();
    } catch (IOException | InvalidPathException unreadable) {
      throw new StartFailure(
          "%s is '%s': expected a file that can be read, with the value"
              .formatted(variable + SUFFIX, file),
          unreadable);
    }
  }
}
