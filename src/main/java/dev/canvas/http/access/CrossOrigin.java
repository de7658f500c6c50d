package dev.canvas.http.access;

import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Enforces what pages of other origins may do (Fetch Standard, section 3.3). All origins may read,
 * or only the configured ones; only the configured ones may write. Thread-safe.
 *
 * <p>An origin is compared as text and never parsed: apps have origins that are no URLs with a
 * host, such as {@code capacitor://localhost}, and strangers send what they like.
 */
public final class CrossOrigin {

  /** How many seconds a browser may cache a preflight response. */
  private static final String MAX_AGE = "86400";

  private static final String FETCH_SITE = "Sec-Fetch-Site";
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");
  private static final CharSequence READ_EXPOSED_HEADERS =
      HttpHeaders.createOptimized("ETag, Cache-Status");
  private static final CharSequence RESOURCE_POLICY =
      HttpHeaders.createOptimized("cross-origin-resource-policy");
  private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");
  private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
  private static final String EXPOSED_HEADERS = "ETag, Cache-Status, Location";
  private static final String ALLOWED_HEADERS =
      "Authorization, Content-Type, If-Match, If-None-Match";

  /** IP addresses and localhost: hosts that nobody can point here by DNS. */
  private static final Pattern NO_DNS_NAME =
      Pattern.compile("localhost|[\\d.]+|\\[[\\da-fA-F:.]+]|[\\da-fA-F]*:[\\da-fA-F:.]+");

  private final OriginSettings origins;
  private final boolean open;

  /**
   * @param open whether writes need no credential
   */
  public CrossOrigin(OriginSettings origins, boolean open) {
    this.origins = origins;
    this.open = open;
  }

  /**
   * Returns the handler to run before reads, which also answers their preflights. Where all may
   * read, every answer says so, also one to a client that is no page: a shared cache may show it to
   * a page. Where not all may, a page of another origin cannot embed an answer either, which needs
   * no CORS (Cross-Origin-Resource-Policy; Fetch Standard, section 3.8).
   */
  public SecurityPolicyHandler reading() {
    boolean all = origins.readers().equals("*");
    return context -> {
      HttpServerRequest request = context.request();
      HttpServerResponse response = context.response();
      String origin = request.getHeader(HttpHeaders.ORIGIN);
      response.putHeader(RESOURCE_POLICY, all ? CROSS_ORIGIN : SAME_ORIGIN);
      if (all) {
        allowReading(response, ANY);
      } else {
        varyByOrigin(response);
        if (origin != null && mayRead(request)) {
          allowReading(response, origin);
        } else if (origin != null) {
          context.fail(
              Problem.FORBIDDEN.because(
                  "Pages of this origin may not read: expected this site's own origin, or one of"
                      + " http.cors-origin and http.cors-write-origins"));
          return;
        }
      }
      if (origin != null && isPreflight(request)) {
        answerReadPreflight(request, response);
      } else {
        context.next();
      }
    };
  }

  private static void allowReading(HttpServerResponse response, CharSequence origin) {
    response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, READ_EXPOSED_HEADERS);
  }

  private static boolean isPreflight(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }

  private static void answerReadPreflight(HttpServerRequest request, HttpServerResponse response) {
    String headers = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    if (headers != null) {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
      response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    }
    response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET,HEAD")
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE)
        .setStatusCode(204)
        .end();
  }

  /**
   * Whether the page that sends a request may read: a page of this site or of an allowed origin, or
   * a client that is not a page. For a WebSocket browsers send no preflight (RFC 6455, section
   * 10.2).
   */
  public boolean mayRead(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || origins.readers().equals("*")
        || origins.readers().equals(origin)
        || origins.writers().contains(origin)
        || isThisSite(origin, request);
  }

  /**
   * Returns the handler to run before writes. A browser submits a form of another site without a
   * preflight, but names its origin (RFC 6454, section 7.3). So such a write is refused here, not
   * just its response hidden from the script. This site's own editor may write.
   */
  public SecurityPolicyHandler writing() {
    return context -> {
      String origin = context.request().getHeader(HttpHeaders.ORIGIN);
      varyByOrigin(context.response());
      if (origin == null || isSameOrigin(origin, context.request())) {
        context.next();
      } else if (origins.writers().contains(origin)) {
        context
            .response()
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
            .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        context.next();
      } else {
        context.fail(
            Problem.FORBIDDEN.because(
                "Pages of this origin may not write: expected this site's own origin (the Host of"
                    + " the request, or http.public-url) or one of http.cors-write-origins%s",
                open
                    ? ". While writing is open (auth.mode none), the editor works only at an IP"
                        + " address, localhost or http.public-url, not at another domain name"
                    : ""));
      }
    };
  }

  /**
   * Whether a page of this site sent the request. If writes need no credential, a domain name is
   * not accepted: any site could point its own name here (DNS rebinding) and would look the same.
   */
  private boolean isSameOrigin(String origin, HttpServerRequest request) {
    String site = request.getHeader(FETCH_SITE);
    return (site == null || site.equals("same-origin"))
        && (origin.equals(origins.publicUrl())
            || (isThisSite(origin, request)
                && (!open || NO_DNS_NAME.matcher(request.authority().host()).matches())));
  }

  /** Whether an origin is the one that visitors know, or that of the host in the request. */
  private boolean isThisSite(String origin, HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (origin.equals(origins.publicUrl())) {
      return true;
    }
    // Where the name of this site is known, another name that leads here is a stranger's.
    if (authority == null
        || (origins.publicUrl() != null && !NO_DNS_NAME.matcher(authority.host()).matches())) {
      return false;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    return origin.equals(OriginSettings.of("http", host, authority.port()))
        || origin.equals(OriginSettings.of("https", host, authority.port()));
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
              && origins.writers().contains(origin)
              && methods.stream().anyMatch(each -> each.name().equals(method))) {
            varyByOrigin(context.response());
            context
                .response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE)
                .setStatusCode(204)
                .end();
          } else {
            context.next();
          }
        };
    return methods.isEmpty() ? List.of() : List.of(preflight);
  }

  /** Adds Origin to the request headers that the response depends on. */
  public static void varyByOrigin(HttpServerResponse response) {
    response.headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
  }
}
