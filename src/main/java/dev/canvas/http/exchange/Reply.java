package dev.canvas.http.exchange;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** Sends an answer, compressed where the client takes it and it is worth it. */
public final class Reply {

  public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  public static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
  private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
  private static final CharSequence ACCEPT_ENCODING =
      HttpHeaders.createOptimized("accept-encoding");

  private Reply() {}

  /** Answers with what a future brings; whatever goes wrong on the way fails the request. */
  public static <T> void to(RoutingContext context, Future<T> asked, Consumer<T> answer) {
    asked.onComplete(
        result -> {
          try {
            answer.accept(result);
          } catch (RuntimeException failure) {
            context.fail(failure);
          }
        },
        context::fail);
  }

  public static void send(RoutingContext context, CharSequence contentType, Buffer body) {
    send(context, contentType, body, Gzip.suits(context, body));
  }

  public static void send(
      RoutingContext context, CharSequence contentType, Buffer body, boolean compressed) {
    HttpServerResponse response = vary(context.response());
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    Buffer sent = body;
    if (compressed) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
      sent = Gzip.compress(body);
    }
    // Said here, as a response to HEAD has no body to count.
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(sent.length())).end(sent);
  }

  /** Says that another coding would be another answer, beside whatever else it depends on. */
  public static HttpServerResponse vary(HttpServerResponse response) {
    response.headers().add(HttpHeaders.VARY, ACCEPT_ENCODING);
    return response;
  }
}
