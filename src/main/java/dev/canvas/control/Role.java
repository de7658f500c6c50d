package dev.canvas.control;

import dev.canvas.media.Problem;
import java.util.Locale;

/** What a verticle of this service does. */
public enum Role {
  /** Answers on the HTTP port. */
  HTTP,
  /** Answers on the event bus, from Redis and the store. */
  DATA;

  /** The role as requests, reports and metrics name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} for any other text
   */
  static Role parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' is no role of this process: expected http or data", text);
  }
}
