package dev.canvas.client;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;

/**
 * Sends requests on the event bus. Repeats a request that reached a verticle which was leaving and
 * had not started it, and never one that merely was not answered; so it is safe for writes. A
 * {@link RetryBudget} bounds how many. Thread-safe.
 */
public final class RequestSender {

  private final EventBus bus;
  private final DeliveryOptions options;
  private final long timeoutNanos;
  private final RetryBudget budget;

  /**
   * @param timeout how long a verticle may take to answer
   * @param budget of requests that are sent again
   */
  public RequestSender(EventBus bus, Duration timeout, RetryBudget budget) {
    this(bus, timeout, budget, false);
  }

  /**
   * @param timeout how long a verticle may take to answer
   * @param budget of requests that are sent again
   * @param localOnly whether requests stay on this node
   */
  public RequestSender(EventBus bus, Duration timeout, RetryBudget budget, boolean localOnly) {
    this.bus = bus;
    this.options = new DeliveryOptions().setSendTimeout(timeout.toMillis()).setLocalOnly(localOnly);
    this.timeoutNanos = timeout.toNanos();
    this.budget = budget;
  }

  /** Sends a request to one of the consumers of an address. */
  public <T> Future<T> request(String address, Object body) {
    budget.request();
    return request(address, body, System.nanoTime());
  }

  private <T> Future<T> request(String address, Object body, long sentNanos) {
    return bus.<T>request(address, body, options)
        .map(Message::body)
        .recover(
            failure ->
                wasDiscarded(failure, sentNanos) && budget.mayRetry()
                    ? request(address, body, sentNanos)
                    : Future.failedFuture(failure));
  }

  /**
   * Whether a verticle left before it started the request. When a consumer unregisters, Vert.x
   * fails what it has queued at once with {@code TIMEOUT}: so a timeout that comes early means that
   * the request was discarded.
   */
  private boolean wasDiscarded(Throwable failure, long sentNanos) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.TIMEOUT
        && System.nanoTime() - sentNanos < timeoutNanos;
  }
}
