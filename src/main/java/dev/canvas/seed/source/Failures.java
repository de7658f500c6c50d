package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.Redactor;
import java.nio.file.FileSystemException;
import java.sql.SQLException;

/** Turns the failures of a load into messages for its operator. */
public final class Failures {

  private Failures() {}

  /**
   * Translates a failure of Postgres. The class of its SQLSTATE tells whether the server is
   * unreachable (08, 57P) or out of resources (53); see PostgreSQL, Appendix A.
   */
  public static ProblemException of(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String text = text(failure);
    if (state.startsWith("08") || state.startsWith("57P")) {
      return Problem.UNAVAILABLE.because(
          "Postgres is unreachable (%s): start it, then resume the load", text);
    }
    if (state.startsWith("53")) {
      return Problem.UNAVAILABLE.because(
          "Postgres is out of resources (%s): free some, then resume the load", text);
    }
    return Problem.UNAVAILABLE.because("Postgres reported an error: %s", text);
  }

  /** The first line of a failure's message, without secrets; its type if it has none. */
  public static String text(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String line = message.lines().findFirst().orElse("");
    // The message of the JDK is the file's name alone.
    return Redactor.redact(
        failure instanceof FileSystemException
            ? failure.getClass().getSimpleName() + " " + line
            : line);
  }
}
