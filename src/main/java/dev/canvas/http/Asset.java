package dev.canvas.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that pages refer to, at an address that changes with its content, so that it may be kept
 * for ever. Thread-safe.
 *
 * @param path the address on this site
 * @param contentType its media type
 * @param body its content
 */
record Asset(String path, CharSequence contentType, Buffer body) {

  /** A year, the longest that caches are asked for, without asking again on a reload (RFC 8246). */
  static final CharSequence FOREVER =
      HttpHeaders.createOptimized("public, max-age=31536000, immutable");

  /**
   * Reads a file of this package's resource folder {@code assets}. Blocks.
   *
   * @param name with an extension, before which the hash goes
   */
  static Asset read(String name, String contentType) throws IOException {
    byte[] content = content(name);
    int dot = name.lastIndexOf('.');
    String path = "/assets/" + name.substring(0, dot) + '.' + hash(content) + name.substring(dot);
    return new Asset(path, HttpHeaders.createOptimized(contentType), Buffer.buffer(content));
  }

  /** What a file of that folder holds. Blocks. */
  static byte[] content(String name) throws IOException {
    try (InputStream bytes = Asset.class.getResourceAsStream("assets/" + name)) {
      if (bytes == null) {
        throw new FileNotFoundException("The class path lacks dev/canvas/http/assets/" + name);
      }
      return bytes.readAllBytes();
    }
  }

  void install(Routes routes) {
    routes.read(path, this::send);
  }

  private void send(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, FOREVER)
        .putHeader(Html.CONTENT_TYPE_OPTIONS, Html.NOSNIFF);
    Reply.send(context, contentType, body);
  }

  /** What stands for a content in an address. */
  static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
