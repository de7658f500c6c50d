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
 * Enforces what pages of other origins may do (Fetch Standard, section 3.3). All origins may read,
 * or only the configured ones; only the configured ones may write. Thread-safe.
 */
public final class CrossOrigin {

  /** How many seconds a browser may cache a preflight response. */
  private static final int MAX_AGE = 86_400;

  private static final String FETCH_SITE = "Sec-Fetch-Site";
  private static final String EXPOSED_HEADERS = "ETag, Cache-Status, Location";
  private static final String ALLOWED_HEADERS =
      "Authorization, Content-Type, If-Match, If-None-Match";

  /** IP addresses and localhost: hosts that nobody can point here by DNS. */
  private static final Pattern NO_DNS_NAME =
      Pattern.compile("(?:localhost|[\\d.]+|\\[[\\da-fA-F:.]+])(?::\\d+)?");

  private final String readers;
  private final Set<String> writers;
  private final boolean open;

  /**
   * @param readers the origin that may read, or {@code *}
   * @param writers the origins that may write, and read
   * @param open whether writes need no credential
   */
  public CrossOrigin(String readers, Set<String> writers, boolean open) {
    this.readers = readers;
    this.writers = Set.copyOf(writers);
    this.open = open;
  }

  /** Returns the handler to run before reads. */
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
   * Whether the page that opens a WebSocket may read: a page of this site or of an allowed origin,
   * or a client that is not a page. Browsers send no preflight here (RFC 6455, section 10.2).
   */
  public boolean mayRead(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || readers.equals("*")
        || readers.equals(origin)
        || writers.contains(origin)
        || origin.endsWith("://" + request.authority());
  }

  /**
   * Returns the handler to run before writes. A browser submits a form of another site without a
   * preflight, but names its origin (RFC 6454, section 7.3). So such a write is refused here, not
   * just its response hidden from the script. This site's own editor may write.
   */
  public SecurityPolicyHandler writing() {
    return context -> {
      String origin = context.request().getHeader(HttpHeaders.ORIGIN);
      if (origin == null || isSameOrigin(origin, context.request())) {
        context.next();
      } else if (writers.contains(origin)) {
        allow(context.response(), origin)
            .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        context.next();
      } else {
        context.fail(
            Problem.FORBIDDEN.because(
                "Pages of this origin may not write: expected this site's own origin or one of"
                    + " http.cors-write-origins%s",
                open
                    ? ". While writing is open (auth.mode none), the editor works only at an IP"
                        + " address or localhost, not at a domain name"
                    : ""));
      }
    };
  }

  /**
   * Whether a page of this site sent the request. If writes need no credential, a domain name is
   * not accepted: any site could point its own name here (DNS rebinding) and would look the same.
   */
  private boolean isSameOrigin(String origin, HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    String site = request.getHeader(FETCH_SITE);
    return host != null
        && (origin.equals("http://" + host) || origin.equals("https://" + host))
        && (site == null || site.equals("same-origin"))
        && (!open || NO_DNS_NAME.matcher(host).matches());
  }

  /** Returns the handlers to run before OPTIONS, which answer preflights for these methods. */
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
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS)
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
