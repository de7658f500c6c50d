package dev.canvas.app;

/** A command cannot go on. The message is one line for the person at the terminal. */
final class StartFailure extends RuntimeException {

  StartFailure(String message) {
    super(message);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
