package dev.canvas.http;

import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What scripts of other origins may do (Fetch Standard, section 3.3): read, if theirs is the origin
 * that may or all may; write, only if theirs is among those that are named. Thread-safe.
 */
final class CrossOrigin {

  private static final int MAX_AGE = 86_400;
  private static final String EXPOSED = "ETag, Cache-Status, Location";
  private static final String SENT = "Authorization, Content-Type, If-Match, If-None-Match";

  private final String readers;
  private final Set<String> writers;

  /**
   * @param readers an origin, or {@code *}
   * @param writers origins
   */
  CrossOrigin(String readers, Set<String> writers) {
    this.readers = readers;
    this.writers = Set.copyOf(writers);
  }

  /** Stands before reading. */
  CorsHandler reading() {
    List<String> origins = new ArrayList<>(List.of(readers));
    if (!readers.equals("*")) {
      writers.stream().filter(writer -> !writer.equals(readers)).forEach(origins::add);
    }
    return CorsHandler.create()
        .addOrigins(origins)
        .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD))
        .exposedHeaders(Set.of("ETag", "Cache-Status"))
        .maxAgeSeconds(MAX_AGE);
  }

  /**
   * Whether the page that a WebSocket is opened by may read: one of this site, of an origin that
   * may, or no page at all. Browsers do not ask this server before (RFC 6455, section 10.2).
   */
  boolean maySee(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || readers.equals("*")
        || readers.equals(origin)
        || writers.contains(origin)
        || origin.endsWith("://" + request.authority());
  }

  /**
   * Stands before writing. A browser sends a form of another site without asking first, but it says
   * whose it is: so this is refused and not only kept from the script (RFC 6454, section 7.3). No
   * page of this site writes.
   */
  SecurityPolicyHandler writing() {
    return context -> {
      String origin = context.request().getHeader(HttpHeaders.ORIGIN);
      if (origin == null) {
        context.next();
      } else if (writers.contains(origin)) {
        allow(context.response(), origin)
            .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        context.next();
      } else {
        context.fail(
            Problem.FORBIDDEN.because(
                "Pages of another origin may not write: expected no Origin, or one of"
                    + " http.cors-write-origins"));
      }
    };
  }

  /** Stands before OPTIONS: answers whether a script may send one of these methods. */
  List<Handler<RoutingContext>> preflight(List<HttpMethod> methods) {
    String allowed = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    SecurityPolicyHandler preflight =
        context -> {
          HttpServerRequest request = context.request();
          String origin = request.getHeader(HttpHeaders.ORIGIN);
          String method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
          if (origin != null
              && writers.contains(origin)
              && methods.stream().anyMatch(each -> each.name().equals(method))) {
            allow(context.response(), origin)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, SENT)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Integer.toString(MAX_AGE))
                .setStatusCode(204)
                .end();
          } else {
            context.next();
          }
        };
    return methods.isEmpty() ? List.of() : List.of(preflight);
  }

  private static HttpServerResponse allow(HttpServerResponse response, String origin) {
    response.headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    return response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
  }
}
