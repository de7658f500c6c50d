package dev.canvas.http.access;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What scripts of other origins may do (Fetch Standard, section 3.3): read, if theirs is the origin
 * that may or all may; write, only if theirs is among those that are named. Thread-safe.
 */
public final class CrossOrigin {

  private static final int MAX_AGE = 86_400;
  private static final String FETCH_SITE = "Sec-Fetch-Site";
  private static final String EXPOSED = "ETag, Cache-Status, Location";
  private static final String SENT = "Authorization, Content-Type, If-Match, If-None-Match";

  /** Addresses and the names of this machine: no name that another could have point here. */
  private static final Pattern NOT_A_NAME =
      Pattern.compile("(?:localhost|[\\d.]+|\\[[\\da-fA-F:.]+])(?::\\d+)?");

  private final String readers;
  private final Set<String> writers;
  private final boolean open;

  /**
   * @param readers an origin, or {@code *}
   * @param writers origins
   * @param open whether writes need no credential
   */
  public CrossOrigin(String readers, Set<String> writers, boolean open) {
    this.readers = readers;
    this.writers = Set.copyOf(writers);
    this.open = open;
  }

  /** Stands before reading. */
  public CorsHandler reading() {
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
  public boolean maySee(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || readers.equals("*")
        || readers.equals(origin)
        || writers.contains(origin)
        || origin.endsWith("://" + request.authority());
  }

  /**
   * Stands before writing. A browser sends a form of another site without asking first, but it says
   * whose it is: so this is refused and not only kept from the script (RFC 6454, section 7.3). This
   * site's own editor writes too.
   */
  public SecurityPolicyHandler writing() {
    return context -> {
      String origin = context.request().getHeader(HttpHeaders.ORIGIN);
      if (origin == null || isOwn(origin, context.request())) {
        context.next();
      } else if (writers.contains(origin)) {
        allow(context.response(), origin)
            .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        context.next();
      } else {
        context.fail(
            Problem.FORBIDDEN.because(
                "Pages of another origin may not write: expected no Origin, this site's own, or"
                    + " one of http.cors-write-origins%s",
                open ? " (its own without a domain name, as writing is open)" : ""));
      }
    };
  }

  /**
   * Whether a page of this site sent it. Where writes need no credential its name does not do: a
   * page of any site could have its own name lead here (DNS rebinding), and would look the same.
   */
  private boolean isOwn(String origin, HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    String site = request.getHeader(FETCH_SITE);
    return host != null
        && (origin.equals("http://" + host) || origin.equals("https://" + host))
        && (site == null || site.equals("same-origin"))
        && (!open || NOT_A_NAME.matcher(host).matches());
  }

  /** Stands before OPTIONS: answers whether a script may send one of these methods. */
  public List<Handler<RoutingContext>> preflight(List<HttpMethod> methods) {
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
