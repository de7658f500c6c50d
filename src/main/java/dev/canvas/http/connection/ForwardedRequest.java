package dev.canvas.http.connection;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as its client sent it to a trusted proxy: with the scheme, the host and the client's
 * address that the proxy tells. A chain of proxies is read from this end, and only as far as each
 * of them is trusted: what stands before that was written by strangers. Confined to one event loop.
 *
 * <p>{@code X-Forwarded-For}, {@code -Proto} and {@code -Host} are read, or {@code Forwarded} (RFC
 * 7239) if there is none of them. A proxy has to overwrite or extend the ones it knows, and to
 * remove the others.
 */
public final class ForwardedRequest extends HttpServerRequestWrapper {

  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** A parameter of an element of Forwarded; its value may be quoted. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(for|proto|host)=(?:\"([^\"]*)\"|([^;\",\\s]*))");

  /** An address with the port that some proxies add, and the brackets around IPv6. */
  private static final Pattern ADDRESS =
      Pattern.compile("\\[([^]]+)](?::\\d+)?|([\\d.]+)(?::\\d+)?|([\\da-fA-F:.]+)");

  private final String scheme;
  private final HostAndPort authority;
  private final SocketAddress client;

  private ForwardedRequest(
      HttpServerRequest request, String scheme, HostAndPort authority, SocketAddress client) {
    super((HttpServerRequestInternal) request);
    this.scheme = scheme;
    this.authority = authority;
    this.client = client;
  }

  /** Returns the request as the proxy tells it, or the same request if its peer is not trusted. */
  public static HttpServerRequest of(HttpServerRequest request, ProxySettings proxies) {
    if (proxies.networks().isEmpty()) {
      return request;
    }
    SocketAddress peer = request.connection().remoteAddress();
    InetAddress peerAddress = peer == null ? null : address(peer.hostAddress());
    if (peerAddress == null || !proxies.areAt(peerAddress)) {
      return request;
    }
    Fields fields = Fields.of(request);
    InetAddress client = peerAddress;
    int hops = 1;
    for (int i = fields.clients.size() - 1; i >= 0; i--) {
      InetAddress before = address(fields.clients.get(i));
      if (before == null) {
        break;
      }
      client = before;
      if (!proxies.areAt(before)) {
        break;
      }
      hops++;
    }
    String scheme = fields.schemes.isEmpty() ? "" : at(fields.schemes, hops);
    HostAndPort host =
        fields.hosts.isEmpty() ? null : HostAndPort.parseAuthority(at(fields.hosts, hops), -1);
    return new ForwardedRequest(
        request,
        SCHEMES.contains(scheme) ? scheme : request.scheme(),
        host == null ? request.authority() : host,
        SocketAddress.inetSocketAddress(new InetSocketAddress(client, peer.port())));
  }

  /** Whether a trusted proxy has told the host of a request; otherwise its client has chosen it. */
  public static boolean tellsHost(HttpServerRequest request, ProxySettings proxies) {
    SocketAddress peer = request.connection().remoteAddress();
    InetAddress peerAddress = peer == null ? null : address(peer.hostAddress());
    return peerAddress != null && proxies.areAt(peerAddress) && !Fields.of(request).hosts.isEmpty();
  }

  /** What the proxy wrote that met the client; proxies that overwrite leave fewer values. */
  private static String at(List<String> values, int hops) {
    return values.get(Math.max(0, values.size() - hops));
  }

  private static InetAddress address(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      return null;
    }
    for (int group = 1; group <= 3; group++) {
      if (address.group(group) != null) {
        // Asks no name server.
        return NetUtil.createInetAddressFromIpAddressString(address.group(group));
      }
    }
    return null;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public HostAndPort authority() {
    return authority;
  }

  @Override
  public HostAndPort authority(boolean real) {
    return real ? super.authority(true) : authority;
  }

  @Override
  public SocketAddress remoteAddress() {
    return client;
  }

  @Override
  public boolean isSSL() {
    return scheme.equals("https");
  }

  /** The values of the header fields, each list in the order of the proxies. */
  private record Fields(List<String> clients, List<String> schemes, List<String> hosts) {

    static Fields of(HttpServerRequest request) {
      Fields fields =
          new Fields(
              values(request, "X-Forwarded-For"),
              values(request, "X-Forwarded-Proto"),
              values(request, "X-Forwarded-Host"));
      boolean none = fields.clients.isEmpty() && fields.schemes.isEmpty() && fields.hosts.isEmpty();
      return none ? standard(values(request, "Forwarded")) : fields;
    }

    private static Fields standard(List<String> elements) {
      Fields fields = new Fields(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (String element : elements) {
        Matcher parameter = PARAMETER.matcher(element);
        while (parameter.find()) {
          String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
          switch (parameter.group(1).charAt(0)) {
            case 'f', 'F' -> fields.clients.add(value);
            case 'p', 'P' -> fields.schemes.add(value);
            default -> fields.hosts.add(value);
          }
        }
      }
      return fields;
    }

    private static List<String> values(HttpServerRequest request, String name) {
      return request.headers().getAll(name).stream()
          .flatMap(value -> Arrays.stream(value.split(",", -1)))
          .map(String::strip)
          .filter(value -> !value.isEmpty())
          .toList();
    }
  }
}
