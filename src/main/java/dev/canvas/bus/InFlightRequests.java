package dev.canvas.bus;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests on the bus with what a service brings, and knows how many it has still to
 * answer. Belongs to one event loop.
 */
final class InFlightRequests {

  private static final Logger LOG = LoggerFactory.getLogger(InFlightRequests.class);

  private final Promise<Void> given = Promise.promise();
  private int underWay;
  private boolean ending;

  /** A handler of requests; what fails is told as a problem. */
  <Q, A> Handler<Message<Q>> with(Function<Q, Future<A>> service) {
    return request -> {
      underWay++;
      Future.succeededFuture(request)
          .compose(message -> service.apply(message.body()))
          .onComplete(request::reply, failure -> fail(request, failure))
          .onComplete(answered -> answered());
    };
  }

  /** A handler of requests on a lane. */
  <Q, A> Handler<Message<LaneRequest<Q, A>>> onLane(Function<Q, Future<A>> service) {
    return message -> {
      underWay++;
      LaneRequest<Q, A> request = message.body();
      asked(service, request.body())
          .onComplete(
              given -> {
                request.answer(given);
                answered();
              },
              failure -> {
                request.fail(problem(message, failure));
                answered();
              });
    };
  }

  /** Completes when everything that was asked is answered; nothing may be asked after this. */
  Future<Void> given() {
    ending = true;
    completeAtTheEnd();
    return given.future();
  }

  /** The object that a body has to be. */
  static JsonObject object(Object body) {
    if (body instanceof JsonObject json) {
      return json;
    }
    throw Problem.MALFORMED_REQUEST.because(
        "The body is %s: expected a JsonObject",
        body == null ? "empty" : "a " + body.getClass().getSimpleName());
  }

  private void answered() {
    underWay--;
    completeAtTheEnd();
  }

  private void completeAtTheEnd() {
    if (ending && underWay == 0) {
      given.tryComplete();
    }
  }

  private static <Q, A> Future<A> asked(Function<Q, Future<A>> service, Q body) {
    try {
      return service.apply(body);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  private static ProblemException problem(Message<?> request, Throwable failure) {
    if (failure instanceof ProblemException told) {
      return told;
    }
    LOG.error("A request to {} failed", request.address(), failure);
    return Problem.INTERNAL.because("The reason is in the service's log");
  }

  private static void fail(Message<?> request, Throwable failure) {
    ProblemException problem = problem(request, failure);
    request.fail(problem.problem().status(), problem.toJson().encode());
  }
}
