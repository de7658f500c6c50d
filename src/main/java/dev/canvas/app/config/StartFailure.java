package dev.canvas.app.config;

/** Ends a command. The message is one line that tells the operator what to do. */
public final class StartFailure extends RuntimeException {

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The reason to show for a failure: the first line of its innermost cause. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().findFirst().orElse(text).strip();
  }
}
