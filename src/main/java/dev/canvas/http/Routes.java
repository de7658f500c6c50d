package dev.canvas.http;

import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/** Adds resources to a router, each with an answer to the methods that it does not have. */
final class Routes {

  private static final String READING = "GET, HEAD, OPTIONS";
  private static final String READING_AND_POSTING = "GET, HEAD, POST, OPTIONS";

  private final Router router;
  private final List<Handler<RoutingContext>> first;
  private final List<Handler<RoutingContext>> failed;

  Routes(Router router) {
    this(router, List.of());
  }

  /**
   * @param first what handles every request of these resources before they do; on their own routes,
   *     as each route passed is part of the route's name in the metrics
   */
  Routes(Router router, List<Handler<RoutingContext>> first) {
    this(router, first, List.of());
  }

  private Routes(
      Router router, List<Handler<RoutingContext>> first, List<Handler<RoutingContext>> failed) {
    this.router = router;
    this.first = first;
    this.failed = failed;
  }

  /** Resources of the same kind, whose failures are not answered with problem+json but by this. */
  Routes failing(Handler<RoutingContext> handler) {
    return new Routes(router, first, List.of(handler));
  }

  /** A resource that is read: GET and HEAD go to the handler. */
  void read(String path, Handler<RoutingContext> handler) {
    read(path, List.of(handler));
  }

  /** A resource that is read: GET and HEAD go to the handlers, each after the one before passed. */
  void read(String path, List<Handler<RoutingContext>> handlers) {
    addReading(path, handlers);
    addRest(path, READING);
  }

  /**
   * A resource that is read and posted to.
   *
   * @param reading handles GET and HEAD
   * @param posting handles POST, with the body there
   * @param bodyLimit the most bytes of a body; a longer one fails with 413
   */
  void readAndPost(
      String path,
      Handler<RoutingContext> reading,
      Handler<RoutingContext> posting,
      int bodyLimit) {
    addReading(path, List.of(reading));
    add(
        router.route(HttpMethod.POST, path),
        List.of(BodyHandler.create(false).setBodyLimit(bodyLimit), posting));
    addRest(path, READING_AND_POSTING);
  }

  private void addReading(String path, List<Handler<RoutingContext>> handlers) {
    add(router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD), handlers);
  }

  private void addRest(String path, String allowed) {
    add(
        router.route(HttpMethod.OPTIONS, path),
        List.of(
            context ->
                context.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, allowed).end()));
    add(router.route(path), List.of(context -> refuse(context, allowed)));
  }

  private void add(Route route, List<Handler<RoutingContext>> handlers) {
    first.forEach(route::handler);
    handlers.forEach(route::handler);
    failed.forEach(route::failureHandler);
  }

  private static void refuse(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    context.fail(
        Problem.METHOD_NOT_ALLOWED.because(
            "%s is not a method of this resource; it has %s", context.request().method(), allowed));
  }
}
