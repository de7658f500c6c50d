package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A file that pages refer to, at an address that changes with its content, so that it may be kept
 * for ever; pages of other sites too. Thread-safe.
 *
 * @param path the address on this site
 * @param contentType its media type
 * @param body its content
 */
record Asset(String path, CharSequence contentType, Buffer body) {

  /** A year, the longest that caches are asked for, without asking again on a reload (RFC 8246). */
  static final CharSequence FOREVER =
      HttpHeaders.createOptimized("public, max-age=31536000, immutable");

  private static final CharSequence ALL = HttpHeaders.createOptimized("*");
  private static final CharSequence RESOURCE_POLICY =
      HttpHeaders.createOptimized("cross-origin-resource-policy");
  private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");

  /**
   * Reads a file of this package's resource folder {@code assets}. Blocks.
   *
   * @param name with an extension, before which the hash goes
   */
  static Asset read(String name, String contentType) throws IOException {
    try (InputStream bytes = Asset.class.getResourceAsStream("assets/" + name)) {
      if (bytes == null) {
        throw new FileNotFoundException("The class path lacks dev/canvas/http/assets/" + name);
      }
      return of(name, contentType, bytes.readAllBytes());
    }
  }

  /**
   * Reads the ES module of a folder in {@code assets} that is called like it, with all that it
   * imports. Blocks.
   */
  static Asset readModule(String name) throws IOException {
    String module = ModuleBundle.of("assets/" + name + "/", name + ".js");
    return of(
        name + ".js", "text/javascript; charset=utf-8", module.getBytes(StandardCharsets.UTF_8));
  }

  private static Asset of(String name, String contentType, byte[] content) {
    int dot = name.lastIndexOf('.');
    String hash = HexFormat.of().formatHex(digest("SHA-256", content), 0, 4);
    String path = "/assets/" + name.substring(0, dot) + '.' + hash + name.substring(dot);
    return new Asset(path, HttpHeaders.createOptimized(contentType), Buffer.buffer(content));
  }

  void install(Routes routes) {
    routes.read(path, this::send);
  }

  /** What a page has a browser compare it with (Subresource Integrity, section 3.1). */
  String integrity() {
    return "sha384-" + Base64.getEncoder().encodeToString(digest("SHA-384", body.getBytes()));
  }

  private void send(RoutingContext context) {
    open(context.response()).putHeader(HttpHeaders.CACHE_CONTROL, FOREVER);
    Reply.send(context, contentType, body);
  }

  /**
   * Lets scripts and pages of all sites have an answer: a module is asked for as a script would.
   */
  static HttpServerResponse open(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ALL)
        .putHeader(RESOURCE_POLICY, CROSS_ORIGIN)
        .putHeader(Html.CONTENT_TYPE_OPTIONS, Html.NOSNIFF);
  }

  private static byte[] digest(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
