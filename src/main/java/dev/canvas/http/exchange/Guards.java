package dev.canvas.http.exchange;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/**
 * What handles the requests of some resources before they do; on their own routes, as each route
 * passed is part of the route's name in the metrics. Immutable.
 *
 * @param reading stands before GET, HEAD, OPTIONS and the methods that a resource does not have
 * @param writing stands before the methods that change something, and before their bodies are read
 * @param preflight makes what stands before OPTIONS, of the writing methods that a resource has
 */
public record Guards(
    List<Handler<RoutingContext>> reading,
    List<Handler<RoutingContext>> writing,
    Function<List<HttpMethod>, List<Handler<RoutingContext>>> preflight) {

  /** None. */
  static final Guards NONE = new Guards(List.of(), List.of(), methods -> List.of());

  public Guards {
    reading = List.copyOf(reading);
    writing = List.copyOf(writing);
  }
}
