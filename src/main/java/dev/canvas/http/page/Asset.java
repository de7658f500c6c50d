package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
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
 * A static file of the pages. Its address contains a hash of its content, so caches may keep it
 * forever. Pages of other sites may load it too. Thread-safe.
 *
 * @param path its address on this site
 * @param contentType its media type
 * @param body its content
 */
record Asset(String path, CharSequence contentType, Buffer body) {

  /** Cacheable for a year, without revalidation on a reload (RFC 8246). */
  static final CharSequence FOREVER =
      HttpHeaders.createOptimized("public, max-age=31536000, immutable");

  private static final CharSequence NO_RANGES = HttpHeaders.createOptimized("none");
  private static final CharSequence ANY_ORIGIN = HttpHeaders.createOptimized("*");
  private static final CharSequence RESOURCE_POLICY =
      HttpHeaders.createOptimized("cross-origin-resource-policy");
  private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");

  /**
   * Reads a file from the folder {@code assets} of this package's resources. Blocks.
   *
   * @param name a name with an extension; the hash is inserted before the extension
   * @throws FileNotFoundException if there is no such file
   */
  static Asset read(String name, String contentType) throws IOException {
    try (InputStream bytes = Asset.class.getResourceAsStream("assets/" + name)) {
      if (bytes == null) {
        throw new FileNotFoundException(
            "Missing from the class path: dev/canvas/http/page/assets/" + name);
      }
      return of(name, contentType, bytes.readAllBytes());
    }
  }

  /** Reads the ES module {@code assets/name/name.js} and all its imports as one file. Blocks. */
  static Asset readModule(String name) throws IOException {
    String module = ModuleBundle.of("assets/" + name + "/", name + ".js");
    return ofModule(name, module.getBytes(StandardCharsets.UTF_8));
  }

  /** The gallery element with this content. */
  static Asset ofModule(byte[] content) {
    return ofModule("product-canvas", content);
  }

  private static Asset ofModule(String name, byte[] content) {
    return of(name + ".js", "text/javascript; charset=utf-8", content);
  }

  private static Asset of(String name, String contentType, byte[] content) {
    int dot = name.lastIndexOf('.');
    String hash = HexFormat.of().formatHex(digest("SHA-256", content), 0, 4);
    String path = "/assets/" + name.substring(0, dot) + '.' + hash + name.substring(dot);
    return new Asset(path, HttpHeaders.createOptimized(contentType), Buffer.buffer(content));
  }

  /** The hash that lets a browser verify the file (Subresource Integrity, section 3.1). */
  String integrity() {
    return "sha384-" + Base64.getEncoder().encodeToString(digest("SHA-384", body.getBytes()));
  }

  /** Sends it, cacheable for a year. */
  void send(RoutingContext context) {
    beginWhole(context.response()).putHeader(HttpHeaders.CACHE_CONTROL, FOREVER);
    Reply.send(context, contentType, body);
  }

  /**
   * Begins an answer with a whole file of the pages, for pages of all sites. A range of such a text
   * is of no use, and would not be one of its compressed bytes.
   */
  static HttpServerResponse beginWhole(HttpServerResponse response) {
    return allowAnyOrigin(response).putHeader(HttpHeaders.ACCEPT_RANGES, NO_RANGES);
  }

  /** Lets pages of all sites use a response; browsers request modules in CORS mode. */
  static HttpServerResponse allowAnyOrigin(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN)
        .putHeader(RESOURCE_POLICY, CROSS_ORIGIN);
  }

  private static byte[] digest(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
