package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks whether a directory can hold Canvas' data. Creates and changes nothing. */
final class DirectoryCheck {

  static final String LOCK_FILE = "canvas.lock";

  /**
   * The free disk space that a start requires, in bytes, because Postgres stops when the disk is
   * full. The first start takes 110 MB on Linux, 45 MB of them for the empty cluster, and 390 MB on
   * macOS.
   */
  static final long MINIMUM_FREE = 200L << 20;

  /**
   * What a directory may contain and still count as empty: mount points have the first, interrupted
   * starts the rest.
   */
  private static final Set<String> IGNORED =
      Set.of("lost+found", LOCK_FILE, DirectoryMetadata.FILE + ".new");

  private DirectoryCheck() {}

  /**
   * Does nothing if the directory can be used.
   *
   * @throws EmbeddedServersException if it is not empty and not ours, belongs to another version,
   *     cannot be written, or the disk is too full
   */
  static void refuseUnusable(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        refuseForeign(directory);
        refuseOtherVersion(directory);
      } else if (Files.exists(directory)) {
        throw refusal(directory, "is a file, not a directory");
      }
      Path existing = DurableFiles.nearestExisting(directory);
      if (!Files.isDirectory(existing)) {
        throw refusal(existing, "is a file, so " + directory + " cannot be created");
      }
      if (!Files.isWritable(existing)) {
        throw new EmbeddedServersException(
            "%s is not writable for user %s: grant write permission, or choose another directory"
                .formatted(existing, System.getProperty("user.name")));
      }
      refuseTooFull(existing, Files.getFileStore(existing).getUsableSpace());
    } catch (IOException e) {
      throw EmbeddedServersException.failed("checking " + directory, directory, e);
    }
  }

  private static void refuseForeign(Path directory) throws IOException {
    if (DirectoryMetadata.isIn(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (!entries.allMatch(entry -> IGNORED.contains(entry.getFileName().toString()))) {
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

  private static EmbeddedServersException refusal(Path path, String why) {
    return new EmbeddedServersException(
        "%s %s: choose an empty or new directory for the data".formatted(path, why));
  }

  private static EmbeddedServersException otherVersion(
      Path directory, String what, String found, String expected) {
    return new EmbeddedServersException(
        ("%s holds %s %s and this version of Canvas uses %s:"
                + " start the version that created it, or choose another data directory")
            .formatted(directory, what, found, expected));
  }
}
