package dev.canvas.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The password file of libpq: lines {@code host:port:database:user:password}, where {@code *}
 * matches everything and a backslash escapes a colon or a backslash.
 */
record PasswordFile(List<List<String>> lines) {

  private static final int FIELDS = 5;

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it cannot be read, or if others can
   */
  static PasswordFile read(Path file) {
    try {
      if (isOpenToOthers(file)) {
        throw new IllegalArgumentException(
            "a password file that nobody else can read: chmod 600 " + file);
      }
      return new PasswordFile(
          Files.readAllLines(file).stream()
              .filter(line -> !line.startsWith("#"))
              .map(PasswordFile::fields)
              .filter(fields -> fields.size() == FIELDS)
              .toList());
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "a password file that can be read, and '%s' cannot".formatted(file), unreadable);
    }
  }

  /** The password of the first line that matches; null if none does. */
  String password(String host, int port, String database, String user) {
    // A Unix socket counts as localhost (libpq does so in its default directory).
    String name = host.startsWith("/") ? "localhost" : host;
    List<String> wanted = List.of(name, Integer.toString(port), database, user);
    return lines.stream()
        .filter(line -> matches(line, wanted, 0) || isOf(line, host, wanted))
        .map(line -> line.get(FIELDS - 1))
        .findFirst()
        .orElse(null);
  }

  private static boolean isOf(List<String> line, String host, List<String> wanted) {
    return line.get(0).equals(host) && matches(line, wanted, 1);
  }

  private static boolean matches(List<String> line, List<String> wanted, int first) {
    for (int i = first; i < wanted.size(); i++) {
      if (!line.get(i).equals("*") && !line.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOpenToOthers(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER_"));
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else if (c == ':' && fields.size() < FIELDS - 1) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
