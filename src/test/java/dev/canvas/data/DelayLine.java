package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A connection whose calls and answers are delayed at random, in order in each direction. Belongs
 * to one event loop.
 */
final class DelayLine {

  private static final int LONG_ODDS = 12;
  private static final int LONG_MS = 45;
  private static final int SHORT_ODDS = 3;
  private static final int SHORT_MS = 4;

  private final Vertx vertx;
  private final Random random;
  private Future<?> lastSent = Future.succeededFuture();
  private Future<?> lastAnswered = Future.succeededFuture();

  /**
   * @param random null for a connection without delays
   */
  DelayLine(Vertx vertx, Random random) {
    this.vertx = vertx;
    this.random = random;
  }

  /** Sends a call after the previous ones, and answers after their answers. */
  <T> Future<T> call(Supplier<Future<T>> call) {
    Future<?> sent = Future.join(lastSent, delay());
    lastSent = sent;
    Future<?> before = lastAnswered;
    Promise<T> answered = Promise.promise();
    lastAnswered = answered.future().otherwiseEmpty();
    sent.compose(now -> call.get())
        .onComplete(
            answer -> Future.join(before, delay()).onComplete(now -> answered.handle(answer)));
    return answered.future();
  }

  private Future<Void> delay() {
    if (random == null) {
      return Future.succeededFuture();
    }
    long millis =
        random.nextInt(LONG_ODDS) == 0
            ? random.nextInt(LONG_MS)
            : random.nextInt(SHORT_ODDS) == 0 ? random.nextInt(SHORT_MS) : 0;
    return millis == 0 ? Future.succeededFuture() : vertx.timer(millis).mapEmpty();
  }
}
