package dev.canvas.http.exchange;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Adds resources to a router, with what guards them. */
public final class Routes {

  private final Router router;
  private final Guards guards;
  private final List<Handler<RoutingContext>> failed;

  public Routes(Router router) {
    this(router, Guards.NONE);
  }

  public Routes(Router router, Guards guards) {
    this(router, guards, List.of());
  }

  private Routes(Router router, Guards guards, List<Handler<RoutingContext>> failed) {
    this.router = router;
    this.guards = guards;
    this.failed = failed;
  }

  /** Resources of the same kind, whose failures are not answered with problem+json but by this. */
  public Routes failing(Handler<RoutingContext> handler) {
    return new Routes(router, guards, List.of(handler));
  }

  /** A resource whose methods are still to be named. */
  public Resource resource(String path) {
    return new Resource(this, path);
  }

  /** A resource that is read and nothing else. */
  public void read(String path, Handler<RoutingContext> handler) {
    resource(path).read(handler).complete();
  }

  /** A resource that is read and nothing else, by handlers each after the one before passed. */
  public void read(String path, List<Handler<RoutingContext>> handlers) {
    resource(path).read(handlers).complete();
  }

  void addReading(String path, List<Handler<RoutingContext>> handlers) {
    Route route = router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    add(route, guards.reading(), handlers);
  }

  void addWriting(HttpMethod method, String path, Handler<RoutingContext> handler) {
    add(router.route(method, path), guards.writing(), List.of(handler));
  }

  void addPreflight(String path, List<HttpMethod> writing, Handler<RoutingContext> options) {
    Route route = router.route(HttpMethod.OPTIONS, path);
    guards.preflight().apply(writing).forEach(route::handler);
    add(route, guards.reading(), List.of(options));
  }

  void addRest(String path, Handler<RoutingContext> refuse) {
    add(router.route(path), guards.reading(), List.of(refuse));
  }

  private void add(
      Route route, List<Handler<RoutingContext>> before, List<Handler<RoutingContext>> handlers) {
    before.forEach(route::handler);
    handlers.forEach(route::handler);
    failed.forEach(route::failureHandler);
  }
}
