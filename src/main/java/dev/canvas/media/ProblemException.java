package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One occurrence of a {@link Problem}. It is an answer rather than a defect, so it has no stack
 * trace, and its texts have no secrets: a store's own words may be among them. Immutable as long as
 * nobody writes to the values of its {@linkplain #with members}.
 */
public final class ProblemException extends RuntimeException {

  private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail");

  private final Problem problem;
  private final transient Map<String, Object> members;

  /** The encoded object, once it has been asked for. */
  private transient volatile Buffer encoded;

  ProblemException(Problem problem, String detail) {
    this(problem, encodable(detail), Map.of());
  }

  private ProblemException(Problem problem, String detail, Map<String, Object> members) {
    super(Redactor.redact(detail), null, false, false);
    this.problem = problem;
    this.members = members;
  }

  /**
   * The same problem with another extension member (RFC 9457, section 3.2).
   *
   * @param value a JSON value
   */
  public ProblemException with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value instanceof String text ? Redactor.redact(text) : value);
    return new ProblemException(problem, getMessage(), more);
  }

  /** The kind of problem. */
  public Problem problem() {
    return problem;
  }

  /**
   * The problem details object (RFC 9457): type, title, status, detail and the extension members.
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
   * {@link #toJson}, encoded. Nobody may write to it, because one refusal answers many requests.
   */
  public Buffer toBuffer() {
    Buffer known = encoded;
    if (known == null) {
      known = toJson().toBuffer();
      encoded = known;
    }
    return known;
  }

  /**
   * Reads a problem details object that {@link #toJson} wrote. Any other text becomes the detail of
   * an {@link Problem#INTERNAL} problem.
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
      // Reported below with the text itself, which says more than the parser does.
    }
    return new ProblemException(Problem.INTERNAL, text);
  }

  private static ProblemException read(Problem problem, JsonObject json) {
    Map<String, Object> members = new LinkedHashMap<>(json.copy().getMap());
    members.keySet().removeAll(STANDARD);
    return new ProblemException(problem, json.getString("detail", ""), members);
  }

  /**
   * A text with its unpaired surrogates replaced by {@code ?}, because they cannot be encoded in
   * UTF-8.
   */
  static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
