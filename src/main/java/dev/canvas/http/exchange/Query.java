package dev.canvas.http.exchange;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Reads the query parameters of a request. Thread-safe. */
public final class Query {

  private Query() {}

  /**
   * Returns a required parameter.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} unless it occurs exactly once
   */
  public static String required(RoutingContext context, String name) {
    List<String> values = values(context, name);
    if (values.size() != 1) {
      throw wrongCount(name, values, "exactly once");
    }
    return values.get(0);
  }

  /**
   * Returns an optional parameter.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it occurs more than once
   */
  public static Optional<String> optional(RoutingContext context, String name) {
    List<String> values = values(context, name);
    if (values.size() > 1) {
      throw wrongCount(name, values, "at most once");
    }
    return values.stream().findFirst();
  }

  private static List<String> values(RoutingContext context, String name) {
    return UrlEncoded.values(context.request().query(), name);
  }

  private static ProblemException wrongCount(String name, List<String> values, String expected) {
    return Problem.MALFORMED_REQUEST.because(
        "The query has the parameter '%s' %d times: expected %s", name, values.size(), expected);
  }
}
