package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Why a server did not start, in one line for the user: what was wrong, what was expected, what to
 * do.
 */
public class EmbeddedServersException extends RuntimeException {

  private static final String DISK_FULL = "No space left on device";
  private static final long FULL_BYTES = 64 << 10;

  EmbeddedServersException(String message) {
    super(message);
  }

  EmbeddedServersException(String message, Throwable cause) {
    super(message, cause);
  }

  /** An attempt that failed in {@code where}; a full disk is called one. */
  static EmbeddedServersException failed(
      String attempt, Path where, String detail, Throwable cause) {
    String reason =
        detail.contains(DISK_FULL) || isFull(where)
            ? "the disk that holds " + where + " is full: free some space and start again"
            : detail.replaceAll("\\s*\\R\\s*", " | ");
    return new EmbeddedServersException(attempt + " failed: " + reason, cause);
  }

  /** A disk can be too full for the server to log that it is full. */
  private static boolean isFull(Path where) {
    try {
      Path existing = DirectoryCheck.nearestExisting(where);
      return Files.getFileStore(existing).getUsableSpace() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /** An attempt that the operating system or the server refused. */
  static EmbeddedServersException failed(String attempt, Path where, Exception cause) {
    return failed(attempt, where, reason(cause), cause);
  }

  /** The message of a file system's exception often is only a path: its kind says the rest. */
  static String reason(Exception cause) {
    return cause instanceof FileSystemException
        ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
        : String.valueOf(cause.getMessage());
  }

  /** The calling thread was interrupted; its flag is set again. */
  static EmbeddedServersException interrupted(String attempt, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new EmbeddedServersException(attempt + " was interrupted", cause);
  }
}
