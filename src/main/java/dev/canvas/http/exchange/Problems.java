package dev.canvas.http.exchange;

import dev.canvas.http.connection.Connections;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.ObjIntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure of the APIs into a response: {@code application/problem+json} (RFC 9457), not
 * cacheable, without a stack trace. Thread-safe.
 */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final CharSequence PROBLEM_JSON =
      HttpHeaders.createOptimized("application/problem+json");

  private Problems() {}

  /** Handles the failures of a router's routes, and requests that match none. */
  public static void install(Router router) {
    for (int status : new int[] {400, 401, 403, 404, 405, 413, 416, 500}) {
      router.errorHandler(status, context -> answer(context, status));
    }
  }

  /**
   * Answers browsers that ask for a page in another way, where a request has failed with a status.
   * Browsers name {@code text/html} in Accept; other clients rarely do.
   *
   * @param page answers, given the status
   */
  public static void prefer(Router router, int status, ObjIntConsumer<RoutingContext> page) {
    router.errorHandler(
        status,
        context -> {
          if (asksForPage(context.request()) && !context.response().headWritten()) {
            RequestBody.abandon(context.request(), context.response());
            page.accept(context, status);
          } else {
            answer(context, status);
          }
        });
  }

  private static boolean asksForPage(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    boolean reads =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return reads && accepted != null && accepted.contains("text/html");
  }

  /**
   * Answers a request that has failed. A problem takes the short way: the router would look for
   * failure handlers among all routes, and under overload most answers are refusals.
   */
  static void answer(RoutingContext context, Throwable failure) {
    if (failure instanceof ProblemException problem && !context.response().headWritten()) {
      RequestBody.abandon(context.request(), context.response());
      send(context.response(), problem);
    } else {
      context.fail(failure);
    }
  }

  private static void answer(RoutingContext context, int status) {
    if (context.response().headWritten()) {
      // Part of the response is out: only a broken connection shows the client that it is cut
      // short.
      Connections.abort(context.request().connection());
      if (!context.response().ended()) {
        // Nothing is sent any more; without this call Vert.x would send its own error response.
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
      problem =
          Problem.HEADERS_TOO_LARGE.because("The header fields are longer than 8,192 bytes in all");
    } else {
      problem =
          Problem.MALFORMED_REQUEST.because("Not a valid HTTP request: %s", cause.getMessage());
    }
    refuse(request, problem);
  }

  /** Answers a request that is not handled, and closes its connection. */
  public static void refuse(HttpServerRequest request, ProblemException problem) {
    RequestCheck.protect(request.response());
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    send(request.response(), problem);
    Connections.closeLingering(request.connection());
  }

  /**
   * Returns the problem that a request failed with. A failure that is not one of this service's
   * problems is logged with its stack trace.
   *
   * @param status the status of the failure; given separately because a context whose path could
   *     not be decoded has none
   */
  public static ProblemException problem(RoutingContext context, int status) {
    if (context.failure() instanceof ProblemException problem) {
      return problem;
    }
    return switch (status) {
      case 400 -> Problem.MALFORMED_REQUEST.because("The path or the query cannot be decoded");
      case 401 -> Problem.UNAUTHENTICATED.because("This needs a credential");
      case 403 -> Problem.FORBIDDEN.because("This is not allowed");
      case 404 -> noSuchResource(context);
      case 405 ->
          Problem.METHOD_NOT_ALLOWED.because(
              "This resource does not support %s", context.request().method());
      case 413 ->
          Problem.CONTENT_TOO_LARGE.because("The body is larger than this resource accepts");
      case 416 ->
          Problem.RANGE_NOT_SATISFIABLE.because(
              "The file has no bytes in the range '%s'", context.request().getHeader("Range"));
      default -> {
        LOG.error(
            "{} {} of {} failed",
            context.request().method(),
            context.request().uri(),
            context.request().remoteAddress(),
            context.failure());
        yield Problem.INTERNAL.because("An unexpected error; the service's log has the details");
      }
    };
  }

  /** The problem of a request whose path names nothing. */
  public static ProblemException noSuchResource(RoutingContext context) {
    return Problem.NO_SUCH_RESOURCE.because("There is nothing at %s", context.request().path());
  }

  private static void send(HttpServerResponse response, ProblemException problem) {
    Buffer body = problem.toBuffer();
    // Set for the answer that failed.
    response.headers().remove(HttpHeaders.ETAG);
    response
        .setStatusCode(problem.problem().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    setRetryAfter(response, problem.problem());
    response.end(body);
  }

  /** Sets Retry-After on the response to a problem that is expected to pass. */
  public static void setRetryAfter(HttpServerResponse response, Problem problem) {
    if (problem.status() == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
  }
}
