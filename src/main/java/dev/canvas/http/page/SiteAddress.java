package dev.canvas.http.page;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The address of this site as its visitors write it. The Host of a request is not believed, because
 * anybody can send any: with a cache in front, its name would be told to others. Thread-safe.
 *
 * @param publicUrl the configured origin, or null
 * @param toldByProxy whether a trusted proxy has told the host of a request
 */
record SiteAddress(String publicUrl, Predicate<HttpServerRequest> toldByProxy) {

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i)localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[?(?:::1|0:0:0:0:0:0:0:1)(?:%\\w+)?]?");

  /** Whether all requests have the same address, so that an answer which names it may be cached. */
  boolean isFixed() {
    return publicUrl != null;
  }

  /**
   * The origin to write before a path: the configured one; that of a trusted proxy; that of a
   * client on this machine. Otherwise it is empty, and the path is relative to the request.
   */
  String origin(HttpServerRequest request) {
    if (publicUrl != null) {
      return publicUrl;
    }
    HostAndPort host = request.authority();
    return host != null && (toldByProxy.test(request) || isLocal(request, host))
        ? request.scheme() + "://" + host
        : "";
  }

  private static boolean isLocal(HttpServerRequest request, HostAndPort host) {
    SocketAddress peer = request.connection().remoteAddress();
    return peer != null
        && peer.hostAddress() != null
        && LOOPBACK.matcher(peer.hostAddress()).matches()
        && LOOPBACK.matcher(host.host()).matches();
  }
}
