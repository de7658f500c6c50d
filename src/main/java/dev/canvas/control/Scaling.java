package dev.canvas.control;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.JsonObject;

/**
 * Requests a number of verticle instances for a role. Immutable.
 *
 * @param role of the verticles
 * @param instances the number to run, {@value #MIN} … {@value #MAX}
 */
public record Scaling(Role role, int instances) {

  /** A role always keeps one instance, which answers the requests under way. */
  public static final int MIN = 1;

  /** More than any machine can use. */
  public static final int MAX = 256;

  /**
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if the number is out of range
   */
  public Scaling {
    if (instances < MIN || instances > MAX) {
      throw refused(instances);
    }
  }

  /**
   * Reads {@code {"role":"data","instances":3}}.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} for anything else
   */
  public static Scaling of(JsonObject json) {
    if (!(json.getValue("role") instanceof String role)) {
      throw Problem.MALFORMED_REQUEST.because(
          "'role' holds %s: expected \"http\" or \"data\"", json.getValue("role"));
    }
    if (!(json.getValue("instances") instanceof Integer instances)) {
      throw refused(json.getValue("instances"));
    }
    return new Scaling(Role.parse(role), instances);
  }

  /**
   * Parses {@code data=3}.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} for anything else
   */
  public static Scaling parse(String pair) {
    String[] parts = pair.split("=", 2);
    if (parts.length < 2) {
      throw Problem.MALFORMED_REQUEST.because(
          "invalid scale argument '%s': expected ROLE=N, such as data=3", pair);
    }
    Role role = Role.parse(parts[0]);
    try {
      return new Scaling(role, Integer.parseInt(parts[1]));
    } catch (NumberFormatException notANumber) {
      throw refused(parts[1]);
    }
  }

  /** Writes what {@link #of} reads. */
  public JsonObject toJson() {
    return new JsonObject().put("role", role.text()).put("instances", instances);
  }

  private static ProblemException refused(Object instances) {
    return Problem.MALFORMED_REQUEST.because(
        "'instances' is %s: expected a whole number from %d to %d; a role keeps at least one",
        instances, MIN, MAX);
  }
}
