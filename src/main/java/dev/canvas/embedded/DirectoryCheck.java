package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whether a directory can hold Canvas' data. Looks only: makes and changes nothing. */
final class DirectoryCheck {

  /**
   * What a start asks for, in bytes: a Postgres whose disk fills up stops. The first start takes
   * 110 MB on Linux, of which 45 MB are the empty cluster, and 390 MB on macOS.
   */
  static final long MINIMUM_FREE = 200L << 20;

  /** What an empty directory may have: a mount point's own, and what a first start begins with. */
  private static final Set<String> HARMLESS =
      Set.of("lost+found", DataDirectory.LOCK_FILE, DirectoryMetadata.FILE + ".new");

  private DirectoryCheck() {}

  static void refuseUnusable(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        refuseForeign(directory);
        refuseOtherVersion(directory);
      } else if (Files.exists(directory)) {
        throw refusal(directory, "is a file, not a directory");
      }
      Path existing = nearestExisting(directory);
      if (!Files.isDirectory(existing)) {
        throw refusal(existing, "is a file, so " + directory + " cannot be made");
      }
      if (!Files.isWritable(existing)) {
        throw new EmbeddedServersException(
            "%s cannot be written by %s: give that user the right to, or name another directory"
                .formatted(existing, System.getProperty("user.name")));
      }
      refuseTooFull(existing, Files.getFileStore(existing).getUsableSpace());
    } catch (IOException e) {
      throw EmbeddedServersException.failed("looking at " + directory, directory, e);
    }
  }

  private static void refuseForeign(Path directory) throws IOException {
    if (DirectoryMetadata.isIn(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (!entries.allMatch(entry -> HARMLESS.contains(entry.getFileName().toString()))) {
        throw refusal(
            directory,
            "is not empty and has no " + DirectoryMetadata.FILE + ", so its files are not Canvas'");
      }
    }
  }

  private static void refuseOtherVersion(Path directory) throws IOException {
    if (!DirectoryMetadata.isIn(directory)) {
      return;
    }
    DirectoryMetadata found = DirectoryMetadata.read(directory);
    if (!found.format().equals(DirectoryMetadata.CURRENT.format())) {
      throw otherVersion(
          directory, "data of format", found.format(), DirectoryMetadata.CURRENT.format());
    }
    Path file = directory.resolve("postgres").resolve("PG_VERSION");
    String cluster = Files.exists(file) ? Files.readString(file).strip() : found.postgres();
    for (String version : List.of(found.postgres(), cluster)) {
      if (!version.equals(DirectoryMetadata.CURRENT.postgres())) {
        throw otherVersion(
            directory, "data of Postgres", version, DirectoryMetadata.CURRENT.postgres());
      }
    }
  }

  static void refuseTooFull(Path directory, long freeBytes) {
    if (freeBytes < MINIMUM_FREE) {
      throw new EmbeddedServersException(
          "the disk that holds %s has %d MB free and %d MB are needed: free some space"
              .formatted(directory, freeBytes >> 20, MINIMUM_FREE >> 20));
    }
  }

  static Path nearestExisting(Path directory) {
    Path existing = directory;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  private static EmbeddedServersException refusal(Path path, String why) {
    return new EmbeddedServersException(
        "%s %s: name an empty or new directory for the data".formatted(path, why));
  }

  private static EmbeddedServersException otherVersion(
      Path directory, String what, String found, String expected) {
    return new EmbeddedServersException(
        ("%s holds %s %s and this version of Canvas uses %s:"
                + " start it with the version that made it, or name another data directory")
            .formatted(directory, what, found, expected));
  }
}
