package dev.canvas.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;

/**
 * Requests that are asked again where the verticle that they reached was just leaving and had not
 * begun them; so a write may be one too. None is repeated for want of an answer. Thread-safe.
 */
final class Requests {

  private final EventBus bus;
  private final DeliveryOptions options;
  private final long timeoutNanos;

  /**
   * @param timeout the longest that one verticle may take to answer
   */
  Requests(EventBus bus, Duration timeout) {
    this.bus = bus;
    this.options = new DeliveryOptions().setSendTimeout(timeout.toMillis());
    this.timeoutNanos = timeout.toNanos();
  }

  /** Asks whoever consumes on the address. */
  <T> Future<T> ask(String address, Object body) {
    return ask(address, body, System.nanoTime());
  }

  private <T> Future<T> ask(String address, Object body, long began) {
    return bus.<T>request(address, body, options)
        .map(Message::body)
        .recover(
            failure ->
                wasDiscarded(failure, began)
                    ? ask(address, body, began)
                    : Future.failedFuture(failure));
  }

  /**
   * Vert.x answers what a consumer has not begun when it unregisters with a timeout of its own, at
   * once: one that comes before the time is up tells of a verticle that has left.
   */
  boolean wasDiscarded(Throwable failure, long began) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.TIMEOUT
        && System.nanoTime() - began < timeoutNanos;
  }
}
