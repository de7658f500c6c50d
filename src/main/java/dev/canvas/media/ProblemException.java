package dev.canvas.media;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * One occurrence of a {@link Problem}. It is a reply and no crash, so it carries no stack trace.
 * Immutable.
 */
public final class ProblemException extends RuntimeException {

  private final Problem problem;

  ProblemException(Problem problem, String detail) {
    super(detail, null, false, false);
    this.problem = problem;
  }

  /** The kind of problem. */
  public Problem problem() {
    return problem;
  }

  /** The problem details object of RFC 9457: type, title, status, detail. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("type", problem.type())
        .put("title", problem.title())
        .put("status", problem.status())
        .put("detail", getMessage());
  }

  /**
   * Reads what {@link #toJson} wrote; a text that is no such object becomes {@link
   * Problem#INTERNAL} with that text as its detail.
   */
  public static ProblemException fromJson(String text) {
    try {
      JsonObject json = new JsonObject(text);
      String type = json.getString("type");
      for (Problem problem : Problem.values()) {
        if (problem.type().equals(type)) {
          return new ProblemException(problem, json.getString("detail"));
        }
      }
    } catch (DecodeException | ClassCastException unreadable) {
      // Said below with the text itself, which tells more than the parser does.
    }
    return new ProblemException(Problem.INTERNAL, text);
  }
}
