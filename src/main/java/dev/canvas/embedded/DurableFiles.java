package dev.canvas.embedded;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes and deletes files and directories so that, even after a power failure, they are complete
 * or absent.
 */
final class DurableFiles {

  private DurableFiles() {}

  /** Renames a prepared file or directory, already forced to disk, within its directory. */
  static void publish(Path prepared, Path target) throws IOException {
    Files.move(prepared, target, StandardCopyOption.ATOMIC_MOVE);
    force(target.getParent());
  }

  /** Writes a file that only its owner can read, at no moment anybody else. */
  static void writePrivate(Path file, String text) throws IOException {
    Path prepared = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(prepared);
    Files.createFile(
        prepared,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(prepared, text);
    force(prepared);
    publish(prepared, file);
  }

  /** Forces a file's bytes, or a directory's entries, to disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Forces all files below a directory to disk. Cheaper after all have been written than one by
   * one, because the file system commits the rest with the first.
   */
  static void forceAll(Path directory) throws IOException {
    walk(
        directory,
        path -> {
          if (Files.isRegularFile(path, NOFOLLOW_LINKS)
              || Files.isDirectory(path, NOFOLLOW_LINKS)) {
            force(path);
          }
        });
  }

  /**
   * Deletes a directory with its content, without following links. Does nothing if it does not
   * exist.
   */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    walk(directory, Files::delete);
  }

  /** Does the same with all that is below a directory, and at last with the directory. */
  private static void walk(Path directory, Step step) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            step.take(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            step.take(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private interface Step {
    void take(Path path) throws IOException;
  }

  /** The path itself or its nearest parent that exists. */
  static Path nearestExisting(Path path) {
    Path existing = path;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }
}
