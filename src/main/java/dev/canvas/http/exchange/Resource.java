package dev.canvas.http.exchange;

import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One path with the methods that it has, and an answer to those that it does not have. Belongs to
 * whoever installs it.
 */
public final class Resource {

  private final Routes routes;
  private final String path;
  private final List<HttpMethod> methods = new ArrayList<>();
  private final List<HttpMethod> writing = new ArrayList<>();

  Resource(Routes routes, String path) {
    this.routes = routes;
    this.path = path;
  }

  /** GET and HEAD go to the handlers, each after the one before passed. */
  public Resource read(List<Handler<RoutingContext>> handlers) {
    methods.addAll(List.of(HttpMethod.GET, HttpMethod.HEAD));
    routes.addReading(path, handlers);
    return this;
  }

  /** GET and HEAD go to the handler. */
  public Resource read(Handler<RoutingContext> handler) {
    return read(List.of(handler));
  }

  /** A method that changes something goes to the handler; {@link RequestBody} reads the body. */
  public Resource write(HttpMethod method, Handler<RoutingContext> handler) {
    methods.add(method);
    writing.add(method);
    routes.addWriting(method, path, handler);
    return this;
  }

  /** Adds the answers to OPTIONS and to every other method. */
  public void complete() {
    methods.add(HttpMethod.OPTIONS);
    String allowed = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    routes.addPreflight(
        path,
        List.copyOf(writing),
        context ->
            context.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, allowed).end());
    routes.addRest(path, context -> refuse(context, allowed));
  }

  private static void refuse(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    context.fail(
        Problem.METHOD_NOT_ALLOWED.because(
            "%s is not a method of this resource; it has %s", context.request().method(), allowed));
  }
}
