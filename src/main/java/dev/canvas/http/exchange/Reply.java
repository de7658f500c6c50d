package dev.canvas.http.exchange;

import dev.canvas.http.connection.AnswerMemory;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Sends responses, compressed by gzip where the client accepts it and it pays. They tell their
 * length, unless they are both large and compressed; large ones are sent in slices.
 *
 * <p>The server's own compression is off: it would add a handler to every connection, leave HEAD
 * without a Content-Length, and not let a handler know that the entity tag has to be weak (ADR
 * 0003). Thread-safe.
 */
public final class Reply {

  public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  public static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
  private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
  private static final CharSequence ACCEPT_ENCODING =
      HttpHeaders.createOptimized("accept-encoding");

  /** The weight of a coding that the client does not accept. */
  private static final Pattern NEVER =
      Pattern.compile("q *= *0(\\.0{0,3})?", Pattern.CASE_INSENSITIVE);

  /** A shorter body fits into one packet without compression. */
  private static final int MIN_COMPRESSED_BYTES = 1_024;

  private Reply() {}

  /**
   * Passes the result of a future to a handler, and answers a failure of either with its problem.
   * For the APIs, whose routes have no failure handlers.
   */
  public static <T> void to(RoutingContext context, Future<T> future, Consumer<T> handler) {
    future.onComplete(
        result -> {
          try {
            handler.accept(result);
          } catch (RuntimeException failure) {
            Problems.answer(context, failure);
          }
        },
        failure -> Problems.answer(context, failure));
  }

  /** Sends a body, compressed if {@link #shouldCompress} says so. */
  public static void send(RoutingContext context, CharSequence contentType, Buffer body) {
    send(context, contentType, body, shouldCompress(context, body.length()));
  }

  /** Sends a body, compressed or not. */
  public static void send(
      RoutingContext context, CharSequence contentType, Buffer body, boolean compressed) {
    if (isLarge(body.length(), compressed)) {
      sendSliced(context, contentType, new Slices(List.of(body)), compressed)
          .onFailure(context::fail);
      return;
    }
    setHeaders(context, contentType, compressed);
    Buffer sent = compressed ? compress(body) : body;
    // Set here because the response to HEAD has no body from which Vert.x could take the length.
    context.response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(sent.length()));
    context.response().end(sent);
  }

  /**
   * Sends a body with its entity tag, compressed if it pays; or 304 if the client has it already.
   *
   * @param tag a strong one, in quotes. It is sent as a weak one if the bytes are compressed, and
   *     so differ from those that it stands for (RFC 9110, section 8.8.1)
   */
  public static void sendTagged(
      RoutingContext context, CharSequence contentType, Buffer body, String tag) {
    boolean compressed = shouldCompress(context, body.length());
    context.response().putHeader(HttpHeaders.ETAG, compressed ? "W/" + tag : tag);
    if (isNotModified(context.request(), tag)) {
      varyByEncoding(context.response()).setStatusCode(304).end();
    } else {
      send(context, contentType, body, compressed);
    }
  }

  /**
   * Whether If-None-Match lists a tag, by weak comparison (RFC 9110, section 13.1.2). Searching the
   * header for the quoted tag is enough, because no tag contains a quote.
   */
  private static boolean isNotModified(HttpServerRequest request, String tag) {
    if (!request.headers().contains(HttpHeaders.IF_NONE_MATCH)) {
      return false;
    }
    for (String header : request.headers().getAll(HttpHeaders.IF_NONE_MATCH)) {
      if (header.contains(tag) || header.strip().equals("*")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sends a body that consists of parts, compressed if it pays; a large one is never joined.
   *
   * @return completes when the answer has begun; fails if there is no room for it
   */
  public static Future<Void> send(
      RoutingContext context, CharSequence contentType, List<Buffer> parts) {
    Slices body = new Slices(parts);
    boolean compressed = shouldCompress(context, body.length());
    if (isLarge(body.length(), compressed)) {
      return sendSliced(context, contentType, body, compressed);
    }
    send(context, contentType, body.take((int) body.length()), compressed);
    return Future.succeededFuture();
  }

  /**
   * Sends a body whose length may be another one in the next answer, such as a page that shows how
   * long its read took. HEAD does not tell it: a length has to be the one that GET would send (RFC
   * 9110, section 8.6).
   */
  public static void sendVarying(RoutingContext context, CharSequence contentType, Buffer body) {
    if (context.request().method().equals(HttpMethod.HEAD)) {
      setHeaders(context, contentType, shouldCompress(context, body.length()));
      context.response().end();
    } else {
      send(context, contentType, body);
    }
  }

  /** Whether a body is too large to be compressed and written in one go. */
  private static boolean isLarge(long length, boolean compressed) {
    return length > (compressed ? SlicedBody.COMPRESSED_SLICE : SlicedBody.PLAIN_SLICE);
  }

  /**
   * Sends a large body in slices, when there is room for it. The length of a compressed one is
   * known only when it has been sent, so neither GET nor HEAD tells it.
   */
  private static Future<Void> sendSliced(
      RoutingContext context, CharSequence contentType, Slices body, boolean compressed) {
    HttpServerResponse response = context.response();
    if (context.request().method().equals(HttpMethod.HEAD)) {
      setHeaders(context, contentType, body, compressed);
      return response.end();
    }
    HttpConnection connection = context.request().connection();
    AnswerMemory memory = AnswerMemory.of(connection);
    // What has been written must not be answered as if it had not.
    Future<AnswerMemory.Share> room =
        context.request().method().equals(HttpMethod.GET)
            ? memory.room(connection, body.length())
            : Future.succeededFuture(memory.roomAnyway(connection, body.length()));
    return room.map(
        share -> {
          if (response.closed() || response.ended()) {
            share.release();
            return null;
          }
          setHeaders(context, contentType, body, compressed);
          response.setChunked(compressed);
          new SlicedBody(context, body, compressed, share).send();
          return null;
        });
  }

  private static void setHeaders(
      RoutingContext context, CharSequence contentType, Slices body, boolean compressed) {
    setHeaders(context, contentType, compressed);
    if (!compressed) {
      context.response().putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(body.length()));
    }
  }

  private static void setHeaders(
      RoutingContext context, CharSequence contentType, boolean compressed) {
    HttpServerResponse response = varyByEncoding(context.response());
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (compressed) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
    }
  }

  /** Adds Accept-Encoding to the request headers that the response depends on. */
  private static HttpServerResponse varyByEncoding(HttpServerResponse response) {
    response.headers().add(HttpHeaders.VARY, ACCEPT_ENCODING);
    return response;
  }

  /** Whether the client accepts gzip and the body is long enough to gain from it. */
  private static boolean shouldCompress(RoutingContext context, long length) {
    return length >= MIN_COMPRESSED_BYTES
        && context.request().headers().contains(HttpHeaders.ACCEPT_ENCODING)
        && acceptsGzip(context.request().headers().getAll(HttpHeaders.ACCEPT_ENCODING))
        // HTTP/1.0 has no chunks, and a length tells its client whether an answer is complete.
        && (!isLarge(length, true) || context.request().version() != HttpVersion.HTTP_1_0);
  }

  /** RFC 9110, section 12.5.3: a list in any number of fields, in which * stands for the rest. */
  private static boolean acceptsGzip(List<String> fields) {
    boolean rest = false;
    for (String field : fields) {
      for (String entry : field.split(",", -1)) {
        String[] coding = entry.split(";", -1);
        String name = coding[0].strip();
        if (name.equalsIgnoreCase("gzip")) {
          return isWanted(coding);
        }
        rest |= name.equals("*") && isWanted(coding);
      }
    }
    return rest;
  }

  /** Whether no weight of zero follows a coding. */
  private static boolean isWanted(String[] coding) {
    for (int i = 1; i < coding.length; i++) {
      if (NEVER.matcher(coding[i].strip()).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Compresses a body by gzip. */
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
