package dev.canvas.media;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One occurrence of a {@link Problem}. It is a reply and no crash, so it carries no stack trace.
 * Immutable as long as nobody writes to the values of its {@linkplain #with members}.
 */
public final class ProblemException extends RuntimeException {

  private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail");

  private final Problem problem;
  private final transient Map<String, Object> members;

  ProblemException(Problem problem, String detail) {
    this(problem, Texts.repeated(detail), Map.of());
  }

  private ProblemException(Problem problem, String detail, Map<String, Object> members) {
    super(detail, null, false, false);
    this.problem = problem;
    this.members = members;
  }

  /**
   * The same with one extension member more (RFC 9457, section 3.2).
   *
   * @param value as JSON has it
   */
  public ProblemException with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new ProblemException(problem, getMessage(), more);
  }

  /** The kind of problem. */
  public Problem problem() {
    return problem;
  }

  /**
   * The problem details object of RFC 9457: type, title, status, detail, and the extension members.
   */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", getMessage());
    members.forEach(json::put);
    return json;
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
          return read(problem, json);
        }
      }
    } catch (DecodeException | ClassCastException unreadable) {
      // Said below with the text itself, which tells more than the parser does.
    }
    return new ProblemException(Problem.INTERNAL, text);
  }

  private static ProblemException read(Problem problem, JsonObject json) {
    Map<String, Object> members = new LinkedHashMap<>(json.copy().getMap());
    members.keySet().removeAll(STANDARD);
    return new ProblemException(problem, json.getString("detail", ""), members);
  }
}
