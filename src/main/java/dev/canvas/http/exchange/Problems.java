package dev.canvas.http.exchange;

import dev.canvas.http.connection.Connections;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that answers a program with a problem: {@code application/problem+json} (RFC 9457),
 * never cached, without a stack trace. Thread-safe.
 */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final CharSequence PROBLEM_JSON =
      HttpHeaders.createOptimized("application/problem+json");

  /** Takes whatever fails on a route of the router, and what no route takes. */
  public void install(Router router) {
    for (int status : new int[] {400, 404, 405, 413, 416, 500}) {
      router.errorHandler(status, context -> answer(context, status));
    }
  }

  private static void answer(RoutingContext context, int status) {
    if (context.response().headWritten()) {
      // Half an answer is out: only a broken connection tells the client that it is not whole.
      Connections.cut(context.request().connection());
      if (!context.response().ended()) {
        // Goes nowhere, but else Vert.x answers itself.
        context.response().end();
      }
      return;
    }
    RequestBody.abandon(context.request(), context.response());
    send(context.response(), problem(context, status));
  }

  /** Answers a request that could not be parsed, and closes its connection. */
  public static void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ProblemException problem;
    if (cause instanceof TooLongHttpLineException) {
      problem = Problem.URI_TOO_LONG.because("The request line is longer than 4,096 bytes");
    } else if (cause instanceof TooLongHttpHeaderException) {
      problem = Problem.HEADERS_TOO_LARGE.because("The header fields are larger than 8,192 bytes");
    } else {
      problem =
          Problem.MALFORMED_REQUEST.because("This is no HTTP request: %s", cause.getMessage());
    }
    send(request.response(), problem);
    Connections.linger(request.connection());
  }

  /**
   * The problem that a request failed with.
   *
   * @param status the context's own, save where a path could not be decoded: then it has none
   */
  public static ProblemException problem(RoutingContext context, int status) {
    if (context.failure() instanceof ProblemException problem) {
      return problem;
    }
    return switch (status) {
      case 400 -> Problem.MALFORMED_REQUEST.because("The path or the query is not readable");
      case 404 ->
          Problem.NO_SUCH_RESOURCE.because("There is nothing at %s", context.request().path());
      case 405 ->
          Problem.METHOD_NOT_ALLOWED.because(
              "%s is not a method of this resource", context.request().method());
      case 413 -> Problem.CONTENT_TOO_LARGE.because("The body is larger than this resource reads");
      case 416 ->
          Problem.RANGE_NOT_SATISFIABLE.because(
              "The file has no bytes in the range '%s'", context.request().getHeader("Range"));
      default -> {
        LOG.error(
            "{} {} failed", context.request().method(), context.request().uri(), context.failure());
        yield Problem.INTERNAL.because("The reason is in the service's log");
      }
    };
  }

  private static void send(HttpServerResponse response, ProblemException problem) {
    Buffer body = problem.toJson().toBuffer();
    response
        .setStatusCode(problem.problem().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    inviteBack(response, problem.problem());
    response.end(body);
  }

  /** Says when to ask again, where that helps. */
  public static void inviteBack(HttpServerResponse response, Problem problem) {
    if (problem.status() == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
  }
}
