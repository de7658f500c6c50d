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
 * Reads the whole body of a request, of some media types, up to a length and for a while, and hands
 * it on. Nothing of a body that is refused by its header fields is asked for. Thread-safe.
 *
 * @param limit the most bytes
 * @param types the media types that are taken; a request without a body needs none
 * @param reader is given the body, empty where there is none
 */
public record RequestBody(int limit, List<String> types, BiConsumer<RoutingContext, Buffer> reader)
    implements Handler<RoutingContext> {

  public static final String JSON = "application/json";
  public static final String MERGE_PATCH = "application/merge-patch+json";
  public static final String FORM = "application/x-www-form-urlencoded";

  /** A byte every minute keeps a connection from being idle, so the whole has a time of its own. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  public RequestBody {
    types = List.copyOf(types);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!isThere(request)) {
      reader.accept(context, Buffer.buffer());
      return;
    }
    checkType(context, types);
    checkCoding(context);
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && (length.length() > 9 || Integer.parseInt(length) > limit)) {
      throw tooLarge();
    }
    invite(context);
    read(context);
  }

  /**
   * Refuses a body of another type.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNSUPPORTED_MEDIA_TYPE}
   */
  public static void checkType(RoutingContext context, List<String> types) {
    HttpServerRequest request = context.request();
    if (!types.contains(type(request))) {
      // RFC 9110, section 15.5.16.
      context.response().putHeader(HttpHeaders.ACCEPT, String.join(", ", types));
      throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Type is %s: expected %s",
          request.getHeader(HttpHeaders.CONTENT_TYPE), String.join(" or ", types));
    }
  }

  /**
   * Refuses a body that is packed: none is unpacked here.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNSUPPORTED_MEDIA_TYPE}
   */
  public static void checkCoding(RoutingContext context) {
    String coding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      // RFC 9110, section 15.5.16.
      context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Encoding is %s: expected none; unpack the body while it is sent", coding);
    }
  }

  /** Has a client send its body that waits to be told. */
  public static void invite(RoutingContext context) {
    if ("100-continue".equalsIgnoreCase(context.request().getHeader(HttpHeaders.EXPECT))) {
      context.response().writeContinue();
    }
  }

  /** The media type of a body, without parameters; empty where the request does not say. */
  public static String type(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Ends the connection of a request that is answered before its body is here, if it has one. */
  public static void abandon(HttpServerRequest request, HttpServerResponse response) {
    if (isThere(request) && !request.isEnded()) {
      if (!response.headWritten()) {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      Connections.linger(request.connection());
    }
  }

  private void read(RoutingContext context) {
    Buffer body = Buffer.buffer();
    long deadline =
        context
            .vertx()
            .setTimer(
                DEADLINE.toMillis(),
                late ->
                    context.fail(
                        Problem.REQUEST_TIMEOUT.because(
                            "The body was not here within %d seconds", DEADLINE.toSeconds())));
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
                hand(context, body);
              }
            });
  }

  private void hand(RoutingContext context, Buffer body) {
    try {
      reader.accept(context, body);
    } catch (RuntimeException failure) {
      context.fail(failure);
    }
  }

  private RuntimeException tooLarge() {
    return Problem.CONTENT_TOO_LARGE.because(
        "The body is larger than %d bytes, the most that this resource reads", limit);
  }

  /** RFC 9112, section 6. */
  private static boolean isThere(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }
}
