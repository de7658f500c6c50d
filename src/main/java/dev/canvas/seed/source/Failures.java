package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;

/** What a person is told of what broke. */
public final class Failures {

  private static final String AWAY = "Postgres is away (%s): start it, and go on with the load";

  private Failures() {}

  /**
   * What Postgres failed with: the class of its SQLSTATE tells whether it can be reached (08, 57P)
   * and has room (53).
   */
  public static ProblemException of(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String text = text(failure);
    if (state.startsWith("08") || state.startsWith("57P")) {
      return Problem.UNAVAILABLE.because(AWAY, text);
    }
    return Problem.UNAVAILABLE.because(
        state.startsWith("53")
            ? "Postgres has no room (%s): make some, and go on with the load"
            : "Postgres refused: %s",
        text);
  }

  /** The first line of its message, or what it is. */
  public static String text(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String line = message.lines().findFirst().orElse("");
    // The JDK says nothing but the name.
    return failure instanceof FileSystemException
        ? failure.getClass().getSimpleName() + " " + line
        : line;
  }
}
