package dev.canvas.client;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * Sends requests to the JSON addresses on behalf of others, whose messages it does not look into.
 * Thread-safe.
 */
public final class JsonSender {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** Leaving verticles answer first, and a load has to be prepared. */
  private static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(30);

  private final RequestSender media;
  private final RequestSender control;

  /**
   * @param budget of requests that are sent again
   */
  public JsonSender(EventBus bus, RetryBudget budget) {
    this(bus, TIMEOUT, budget);
  }

  /**
   * @param timeout how long a request for media may take
   * @param budget of requests that are sent again
   */
  JsonSender(EventBus bus, Duration timeout, RetryBudget budget) {
    media = new RequestSender(bus, timeout, budget);
    control = new RequestSender(bus, CONTROL_TIMEOUT, budget);
  }

  /** Asks for something; fails with a {@code ProblemException}. */
  public Future<JsonObject> read(String address, JsonObject body) {
    return media
        .<JsonObject>request(address, body)
        .recover(failure -> Future.failedFuture(FailedRequest.problem(failure)));
  }

  /** Changes something; fails with a {@code ProblemException}. */
  public Future<JsonObject> write(String address, JsonObject body) {
    return media
        .<JsonObject>request(address, body)
        .recover(failure -> Future.failedFuture(FailedRequest.ofWrite(failure)));
  }

  /** Operates a node; fails with a {@code ProblemException}. */
  public Future<JsonObject> control(String address, JsonObject body) {
    return control
        .<JsonObject>request(address, body)
        .recover(failure -> Future.failedFuture(FailedRequest.ofWrite(failure)));
  }
}
