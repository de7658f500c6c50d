package dev.canvas.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The service file of libpq: sections {@code [service]} with lines {@code parameter=value}. */
final class ServiceFile {

  private ServiceFile() {}

  /**
   * The parameters of a service.
   *
   * @throws IllegalArgumentException if the file cannot be read, has no such service, or names a
   *     parameter that is not supported
   */
  static Map<String, String> parameters(Path file, String service) {
    Map<String, String> parameters = new LinkedHashMap<>();
    boolean found = false;
    boolean inside = false;
    for (String line : lines(file)) {
      if (line.startsWith("[")) {
        inside = line.equals("[" + service + "]");
        found |= inside;
      } else if (inside && !line.isEmpty() && !line.startsWith("#")) {
        String[] pair = line.split("=", 2);
        if (pair.length < 2 || pair[0].equals("service")) {
          throw new IllegalArgumentException(
              "lines of the form parameter=value in the service '%s' of '%s'"
                  .formatted(service, file));
        }
        PostgresUri.requireKnown(pair[0].strip());
        parameters.putIfAbsent(pair[0].strip(), pair[1].strip());
      }
    }
    if (!found) {
      throw new IllegalArgumentException(
          "a service that '%s' has, and '%s' is none".formatted(file, service));
    }
    return parameters;
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "a service file that can be read (PGSERVICEFILE), and '%s' cannot".formatted(file),
          unreadable);
    }
  }
}
