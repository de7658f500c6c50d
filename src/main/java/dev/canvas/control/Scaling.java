package dev.canvas.control;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.JsonObject;

/**
 * The wish for a number of verticles of a role. Immutable.
 *
 * @param role whose verticles are meant
 * @param instances how many there are to be, {@value #LEAST} … {@value #MOST}
 */
public record Scaling(Role role, int instances) {

  /** A role with nobody left could not answer what is under way, so one always stays. */
  public static final int LEAST = 1;

  /** More than any machine has a use for. */
  public static final int MOST = 256;

  /**
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} for a number out of range
   */
  public Scaling {
    if (instances < LEAST || instances > MOST) {
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
   * Reads {@code data=3}.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} for anything else
   */
  public static Scaling parse(String pair) {
    String[] parts = pair.split("=", 2);
    if (parts.length < 2) {
      throw Problem.MALFORMED_REQUEST.because(
          "'%s' is no wish: expected a role and a number, such as data=3", pair);
    }
    Role role = Role.parse(parts[0]);
    try {
      return new Scaling(role, Integer.parseInt(parts[1]));
    } catch (NumberFormatException notANumber) {
      throw refused(parts[1]);
    }
  }

  /** What {@link #of} reads. */
  public JsonObject toJson() {
    return new JsonObject().put("role", role.text()).put("instances", instances);
  }

  private static ProblemException refused(Object instances) {
    return Problem.MALFORMED_REQUEST.because(
        "'instances' is %s: expected a whole number from %d to %d, as a role keeps at least one",
        instances, LEAST, MOST);
  }
}
