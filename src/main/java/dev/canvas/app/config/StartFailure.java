package dev.canvas.app.config;

import dev.canvas.diagnosis.Diagnosis;
import java.io.IOException;
import java.nio.file.FileSystemException;

/** Ends a command. The message is one line that tells the operator what to do. */
public final class StartFailure extends RuntimeException {

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** What the system says about a file; the message may be nothing but the name of the file. */
  public static String cause(IOException failure) {
    if (failure instanceof FileSystemException named) {
      return named.getReason() == null ? named.getClass().getSimpleName() : named.getReason();
    }
    return failure.getMessage();
  }

  /** The reason to show for a failure: the first line of its innermost cause. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return Diagnosis.firstLine(text);
  }
}
