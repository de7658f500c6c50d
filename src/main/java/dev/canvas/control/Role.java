package dev.canvas.control;

import dev.canvas.media.Problem;
import java.util.Locale;

/** The roles of verticles that an operator can scale. */
public enum Role {
  /** Serves the HTTP port. */
  HTTP,
  /** Serves the event bus, from Redis and the store. */
  DATA;

  /** The name of the role in requests, reports and metrics. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Parses the name of a role.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} for any other text
   */
  static Role parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw Problem.MALFORMED_REQUEST.because("unknown role '%s': expected http or data", text);
  }
}
