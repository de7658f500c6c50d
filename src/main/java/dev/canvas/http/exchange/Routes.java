package dev.canvas.http.exchange;

import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Adds resources to a router: the methods of a path, the guards in front of them, and the answers
 * to OPTIONS and to methods that the path does not have. Not thread-safe: used while a verticle
 * starts.
 */
public final class Routes {

  private final Router router;
  private final Guards guards;
  private final List<Handler<RoutingContext>> failureHandlers;

  /** Routes without guards. */
  public Routes(Router router) {
    this(router, Guards.NONE);
  }

  /** Routes behind guards. */
  public Routes(Router router, Guards guards) {
    this(router, guards, List.of());
  }

  private Routes(Router router, Guards guards, List<Handler<RoutingContext>> failureHandlers) {
    this.router = router;
    this.guards = guards;
    this.failureHandlers = failureHandlers;
  }

  /**
   * Handlers that run before those of a resource. They are added to the resource's own routes,
   * because every route that a request passes becomes part of its route name in the metrics.
   * Immutable.
   *
   * @param reading run before GET, HEAD, OPTIONS and methods that the resource does not have
   * @param writing run before methods that change something, and before their bodies are read
   * @param preflight returns the handlers to run before OPTIONS, given the resource's writing
   *     methods
   */
  public record Guards(
      List<Handler<RoutingContext>> reading,
      List<Handler<RoutingContext>> writing,
      Function<List<HttpMethod>, List<Handler<RoutingContext>>> preflight) {

    static final Guards NONE = new Guards(List.of(), List.of(), methods -> List.of());

    public Guards {
      reading = List.copyOf(reading);
      writing = List.copyOf(writing);
    }
  }

  /** The same router and guards, with a failure handler in place of the problem+json answer. */
  public Routes failingWith(Handler<RoutingContext> failureHandler) {
    return new Routes(router, guards, List.of(failureHandler));
  }

  /** Starts a resource; finish it with {@link Resource#complete}. */
  public Resource resource(String path) {
    return new Resource(path);
  }

  /** Adds a read-only resource. */
  public void read(String path, Handler<RoutingContext> handler) {
    resource(path).read(handler).complete();
  }

  /** Adds a read-only resource with a chain of handlers, each of which calls the next. */
  public void read(String path, List<Handler<RoutingContext>> handlers) {
    resource(path).read(handlers).complete();
  }

  private void add(
      Route route, List<Handler<RoutingContext>> before, List<Handler<RoutingContext>> handlers) {
    before.forEach(route::handler);
    handlers.forEach(route::handler);
    failureHandlers.forEach(route::failureHandler);
  }

  /** One path and its methods. */
  public final class Resource {

    private final String path;
    private final List<HttpMethod> methods = new ArrayList<>();
    private final List<HttpMethod> writing = new ArrayList<>();

    private Resource(String path) {
      this.path = path;
    }

    private Resource read(List<Handler<RoutingContext>> handlers) {
      methods.addAll(List.of(HttpMethod.GET, HttpMethod.HEAD));
      Route route = router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
      add(route, guards.reading(), handlers);
      return this;
    }

    /** Handles GET and HEAD. */
    public Resource read(Handler<RoutingContext> handler) {
      return read(List.of(handler));
    }

    /** Handles a method that changes something. Use {@link RequestBody} to read its body. */
    public Resource write(HttpMethod method, Handler<RoutingContext> handler) {
      methods.add(method);
      writing.add(method);
      add(router.route(method, path), guards.writing(), List.of(handler));
      return this;
    }

    /** Adds the answers to OPTIONS and to all other methods. */
    public void complete() {
      methods.add(HttpMethod.OPTIONS);
      String allowed = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
      Route options = router.route(HttpMethod.OPTIONS, path);
      guards.preflight().apply(List.copyOf(writing)).forEach(options::handler);
      add(options, guards.reading(), List.of(context -> options(context, allowed)));
      add(router.route(path), guards.reading(), List.of(context -> refuse(context, allowed)));
    }

    private static void options(RoutingContext context, String allowed) {
      context.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, allowed).end();
    }

    private static void refuse(RoutingContext context, String allowed) {
      context.response().putHeader(HttpHeaders.ALLOW, allowed);
      context.fail(
          Problem.METHOD_NOT_ALLOWED.because(
              "This resource does not support %s. Supported methods: %s",
              context.request().method(), allowed));
    }
  }
}
