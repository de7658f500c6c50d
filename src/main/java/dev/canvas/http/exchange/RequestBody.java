package dev.canvas.http.exchange;

import dev.canvas.http.connection.Connections;
import dev.canvas.media.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Reads the whole body of a request and passes it on. The media type, the length and the time are
 * bounded; a body that the header fields already rule out is never read (ADR 0008). Thread-safe.
 *
 * @param limit the maximum length in bytes
 * @param types the accepted media types; a request without a body needs none
 * @param reader receives the body, empty if the request has none
 */
public record RequestBody(int limit, List<String> types, BiConsumer<RoutingContext, Buffer> reader)
    implements Handler<RoutingContext> {

  public static final String JSON = "application/json";
  public static final String MERGE_PATCH = "application/merge-patch+json";
  public static final String FORM = "application/x-www-form-urlencoded";

  /** For the whole body: a client that sends a byte a minute never trips the idle timeout. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** The most memory that a body gets because its header promises it, in bytes. */
  private static final int MAX_RESERVED = 8_192;

  public RequestBody {
    types = List.copyOf(types);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!hasBody(request)) {
      reader.accept(context, Buffer.buffer());
      return;
    }
    checkType(context, types);
    checkCoding(context);
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && (length.length() > 9 || Integer.parseInt(length) > limit)) {
      throw tooLarge();
    }
    sendContinue(context);
    read(context, length == null ? 0 : Math.min(Integer.parseInt(length), MAX_RESERVED));
  }

  /**
   * Checks the media type of a body.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNSUPPORTED_MEDIA_TYPE} if it is not
   *     one of the accepted types
   */
  public static void checkType(RoutingContext context, List<String> types) {
    HttpServerRequest request = context.request();
    if (!types.contains(type(request))) {
      // RFC 9110, section 15.5.16.
      context.response().putHeader(HttpHeaders.ACCEPT, String.join(", ", types));
      String given = request.getHeader(HttpHeaders.CONTENT_TYPE);
      throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
          "%s: expected %s",
          given == null ? "The request has no Content-Type" : "The Content-Type is " + given,
          String.join(" or ", types));
    }
  }

  /**
   * Checks that a body is not compressed.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNSUPPORTED_MEDIA_TYPE} if it is
   */
  public static void checkCoding(RoutingContext context) {
    String coding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      // RFC 9110, section 15.5.16.
      context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Encoding is %s: expected none; send the body uncompressed", coding);
    }
  }

  /** Sends 100 (Continue) if the client waits for it before it sends the body. */
  public static void sendContinue(RoutingContext context) {
    if ("100-continue".equalsIgnoreCase(context.request().getHeader(HttpHeaders.EXPECT))) {
      context.response().writeContinue();
    }
  }

  /** The media type of the body, without parameters; empty if the request does not name it. */
  public static String type(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Closes the connection of a request that is answered before its body has been read. */
  public static void abandon(HttpServerRequest request, HttpServerResponse response) {
    if (hasBody(request) && !request.isEnded()) {
      if (!response.headWritten()) {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      Connections.closeLingering(request.connection());
    }
  }

  private void read(RoutingContext context, int reserved) {
    Buffer body = Buffer.buffer(reserved);
    long deadline =
        context
            .vertx()
            .setTimer(
                DEADLINE.toMillis(),
                late ->
                    context.fail(
                        Problem.REQUEST_TIMEOUT.because(
                            "The body did not arrive within %d seconds", DEADLINE.toSeconds())));
    context.addEndHandler(answered -> context.vertx().cancelTimer(deadline));
    context
        .request()
        .handler(
            part -> {
              if (body.length() <= limit) {
                body.appendBuffer(part);
                if (body.length() > limit) {
                  context.fail(tooLarge());
                }
              }
            })
        .endHandler(
            end -> {
              context.vertx().cancelTimer(deadline);
              if (!context.failed()) {
                pass(context, body);
              }
            });
  }

  private void pass(RoutingContext context, Buffer body) {
    try {
      reader.accept(context, body);
    } catch (RuntimeException failure) {
      context.fail(failure);
    }
  }

  private RuntimeException tooLarge() {
    return Problem.CONTENT_TOO_LARGE.because(
        "The body is larger than %d bytes, the limit of this resource", limit);
  }

  /** RFC 9112, section 6. */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }
}
