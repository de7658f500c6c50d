package dev.canvas.http.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * Content coding by gzip. Done here and not by the server's own compression, which stands in the
 * way of every response, leaves HEAD without a length and tells nobody whether the entity tag has
 * to be weak.
 */
public final class Gzip {

  /** Below this many bytes an answer fits in one packet anyway. */
  private static final int WORTH_IT = 1_024;

  private Gzip() {}

  /** Whether this answer is to be compressed. */
  public static boolean suits(RoutingContext context, Buffer body) {
    return body.length() >= WORTH_IT
        && context.request().headers().contains(HttpHeaders.ACCEPT_ENCODING)
        && context.parsedHeaders().acceptEncoding().stream()
            .anyMatch(coding -> coding.value().equalsIgnoreCase("gzip") && coding.weight() > 0);
  }

  public static Buffer compress(Buffer body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length() / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.getBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
