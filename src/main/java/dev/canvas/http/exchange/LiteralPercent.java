package dev.canvas.http.exchange;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.nio.charset.StandardCharsets;

/**
 * A request whose query has a percent sign without two hexadecimal digits, such as {@code
 * ?utm_campaign=50%}. The sign stands for itself (URL Standard, section 1.3). Vert.x would refuse
 * to decode the query, and does so also where no handler reads it. Confined to one event loop.
 */
final class LiteralPercent extends HttpServerRequestWrapper {

  private final String uri;
  private final MultiMap params = MultiMap.caseInsensitiveMultiMap();

  private LiteralPercent(HttpServerRequest request, String uri) {
    super((HttpServerRequestInternal) request);
    this.uri = uri;
    new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, 1_024, true)
        .parameters()
        .forEach(params::add);
  }

  /** Returns the same request if its query needs nothing. */
  static HttpServerRequest in(HttpServerRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    if (query < 0 || uri.indexOf('%', query) < 0) {
      return request;
    }
    String decodable = decodable(uri, query);
    return decodable.length() == uri.length() ? request : new LiteralPercent(request, decodable);
  }

  private static String decodable(String uri, int query) {
    StringBuilder decodable = new StringBuilder(uri.length() + 8);
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      decodable.append(c);
      if (c == '%' && i > query && !(isHex(uri, i + 1) && isHex(uri, i + 2))) {
        decodable.append("25");
      }
    }
    return decodable.toString();
  }

  private static boolean isHex(String uri, int index) {
    return index < uri.length() && Character.digit(uri.charAt(index), 16) >= 0;
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public String query() {
    return uri.substring(uri.indexOf('?') + 1);
  }

  @Override
  public MultiMap params(boolean semicolonIsNormalChar) {
    return params;
  }
}
