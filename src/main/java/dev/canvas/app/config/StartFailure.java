package dev.canvas.app.config;

/** A command cannot go on. The message is one line for the person at the terminal. */
public final class StartFailure extends RuntimeException {

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
