package dev.canvas.http.exchange;

import dev.canvas.http.connection.ForwardedRequest;
import dev.canvas.http.connection.ProxySettings;
import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/**
 * Stands in front of a router. Refuses requests whose framing or host two servers could read in two
 * ways (RFC 9112, sections 3.2 and 6.1), and closes their connections; answers {@code OPTIONS *};
 * and passes all others on, as a trusted proxy tells them and with a query that can be decoded.
 * Thread-safe.
 *
 * @param router the handler of what is passed on
 * @param proxies whose header fields about the client are believed
 */
public record RequestCheck(Handler<HttpServerRequest> router, ProxySettings proxies)
    implements Handler<HttpServerRequest> {

  /** What the resources of this service support; RFC 9110, section 9.3.7. */
  private static final String ALL_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence NOTHING =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");

  /**
   * Has browsers take an answer for what it says it is, and load and run nothing if it is shown as
   * a page. Pages set a policy of their own.
   */
  static void protect(HttpServerResponse response) {
    response.putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF).putHeader(POLICY, NOTHING);
  }

  @Override
  public void handle(HttpServerRequest request) {
    protect(request.response());
    String fault = fault(request);
    if (fault != null) {
      Problems.refuse(request, Problem.MALFORMED_REQUEST.because("%s", fault));
    } else if (request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*")) {
      request.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, ALL_METHODS).end();
    } else {
      router.handle(LiteralPercent.in(ForwardedRequest.of(request, proxies)));
    }
  }

  /** Returns what is wrong with the head of a request, or null. */
  private static String fault(HttpServerRequest request) {
    HttpVersion version = request.version();
    if (version == HttpVersion.HTTP_1_0 || version == HttpVersion.HTTP_1_1) {
      List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
      if (hosts.size() > 1) {
        return "The request has %d Host fields: expected one".formatted(hosts.size());
      }
      if (hosts.isEmpty() && version == HttpVersion.HTTP_1_1) {
        return "The request has no Host field, which HTTP/1.1 needs";
      }
      if (!hosts.isEmpty() && !isHost(hosts.get(0))) {
        return "The Host '%s' is not valid: expected a host, and a port if it is not the default"
            .formatted(hosts.get(0));
      }
      return codingFault(request, version);
    }
    return null;
  }

  private static boolean isHost(String text) {
    HostAndPort host = HostAndPort.parseAuthority(text, -1);
    return host != null && !host.host().isEmpty();
  }

  private static String codingFault(HttpServerRequest request, HttpVersion version) {
    if (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return null;
    }
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
    if (!chunked || version == HttpVersion.HTTP_1_0) {
      return "The Transfer-Encoding is '%s' in %s: expected none, or chunked alone in HTTP/1.1"
          .formatted(
              String.join(", ", codings),
              version == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1");
    }
    return null;
  }
}
