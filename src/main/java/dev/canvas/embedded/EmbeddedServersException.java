package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says why a server did not start, in one line for the user: what happened, what was expected, and
 * what to do.
 */
public class EmbeddedServersException extends RuntimeException {

  private static final String DISK_FULL = "No space left on device";

  /** A disk with less free space, in bytes, counts as full. */
  private static final long FULL_BYTES = 64 << 10;

  EmbeddedServersException(String message) {
    super(message);
  }

  EmbeddedServersException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * An attempt that failed.
   *
   * @param directory where it failed; if its disk is full, that is reported as the reason
   */
  static EmbeddedServersException failed(
      String attempt, Path directory, String detail, Throwable cause) {
    String reason =
        detail.contains(DISK_FULL) || isDiskFull(directory)
            ? "the disk that holds " + directory + " is full: free some space and start again"
            : detail.replaceAll("\\s*\\R\\s*", " | ");
    return new EmbeddedServersException(attempt + " failed: " + reason, cause);
  }

  /** Looks at the disk itself, because it can be too full for the server to log that. */
  private static boolean isDiskFull(Path directory) {
    try {
      Path existing = DurableFiles.nearestExisting(directory);
      return Files.getFileStore(existing).getUsableSpace() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /** An attempt that the operating system or the server refused. */
  static EmbeddedServersException failed(String attempt, Path directory, Exception cause) {
    return failed(attempt, directory, reason(cause), cause);
  }

  /**
   * The message of a failure. Adds the class of a file system exception, whose message often is
   * only a path.
   */
  static String reason(Exception cause) {
    return cause instanceof FileSystemException
        ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
        : String.valueOf(cause.getMessage());
  }

  /** An attempt whose thread was interrupted. Sets the interrupt flag again. */
  static EmbeddedServersException interrupted(String attempt, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new EmbeddedServersException(attempt + " was interrupted", cause);
  }
}
