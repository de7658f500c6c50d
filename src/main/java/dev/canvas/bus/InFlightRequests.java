package dev.canvas.bus;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies to requests on the event bus with the result of a service, and counts those that have no
 * reply yet, so that a verticle can answer them before it stops. Not thread-safe: belongs to one
 * event loop.
 */
final class InFlightRequests {

  private static final Logger LOG = LoggerFactory.getLogger(InFlightRequests.class);

  private final CallSpans spans;
  private final Promise<Void> drained = Promise.promise();
  private int inFlight;
  private boolean draining;

  /**
   * @param spans records the requests of lanes
   */
  InFlightRequests(CallSpans spans) {
    this.spans = spans;
  }

  /**
   * Handles requests of an address. A failure is sent as the JSON of its problem, with the status
   * as code.
   */
  <Q, A> Handler<Message<Q>> handler(Function<Q, Future<A>> service) {
    return request -> {
      begin();
      Future.succeededFuture(request)
          .compose(message -> service.apply(message.body()))
          .onComplete(request::reply, failure -> fail(request, failure))
          .onComplete(answered -> end(1));
    };
  }

  /** Handles requests of a lane. */
  <Q, A> Handler<Message<LaneClient.LaneRequest<Q, A>>> laneHandler(
      Function<Q, Future<A>> service) {
    return message -> {
      begin();
      LaneClient.LaneRequest<Q, A> request = message.body();
      Future<A> answer =
          request.headers().isEmpty()
              ? call(service, request.body())
              : spans.serve(
                  LaneRegistry.address(message.address()),
                  request.headers(),
                  () -> call(service, request.body()));
      answer.onComplete(
          result -> {
            request.complete(result);
            end(1);
          },
          failure -> {
            request.fail(problem(message.address(), failure));
            end(1);
          });
    };
  }

  /** Completes when all requests have been answered. No request may arrive after this call. */
  Future<Void> drain() {
    draining = true;
    completeIfDrained();
    return drained.future();
  }

  /** Counts a request that the caller answers itself. */
  void begin() {
    inFlight++;
  }

  /** Some requests have been answered. */
  void end(int answered) {
    inFlight -= answered;
    completeIfDrained();
  }

  private void completeIfDrained() {
    if (draining && inFlight == 0) {
      drained.tryComplete();
    }
  }

  /** Calls a service; what it throws becomes a failure. */
  static <Q, A> Future<A> call(Function<Q, Future<A>> service, Q body) {
    try {
      return service.apply(body);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  /** The problem to answer with, when a request to an address has failed. Logs what is none. */
  static ProblemException problem(String address, Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return problem;
    }
    LOG.error("A request to {} failed", address, failure);
    return Problem.internal();
  }

  private static void fail(Message<?> request, Throwable failure) {
    ProblemException problem = problem(request.address(), failure);
    request.fail(problem.problem().status(), problem.toJson().encode());
  }
}
