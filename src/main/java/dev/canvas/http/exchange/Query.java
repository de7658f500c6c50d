package dev.canvas.http.exchange;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Reads the query of a request. */
public final class Query {

  private Query() {}

  /**
   * The value of a parameter that has to be there once.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} where it is not
   */
  public static String once(RoutingContext context, String name) {
    List<String> values = values(context, name);
    if (values.size() != 1) {
      throw refused(name, values);
    }
    return values.get(0);
  }

  /**
   * The value of a parameter that may be left out.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} where it is there more than once
   */
  public static Optional<String> atMostOnce(RoutingContext context, String name) {
    List<String> values = values(context, name);
    if (values.size() > 1) {
      throw refused(name, values);
    }
    return values.stream().findFirst();
  }

  private static List<String> values(RoutingContext context, String name) {
    try {
      // A semicolon is a character like any other (WHATWG URL, section 5.1), no second separator.
      return context.request().params(true).getAll(name);
    } catch (IllegalArgumentException undecodable) {
      throw Problem.MALFORMED_REQUEST.because("The query is not readable");
    }
  }

  private static ProblemException refused(String name, List<String> values) {
    return Problem.MALFORMED_REQUEST.because(
        "The query has '%s' %d times: expected once", name, values.size());
  }
}
