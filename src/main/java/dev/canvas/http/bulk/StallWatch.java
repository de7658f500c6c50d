package dev.canvas.http.bulk;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Notices when the client of a stream makes no progress. A byte now and then does not count as
 * progress, so an idle timeout would not do. Not thread-safe: confined to one event loop.
 */
final class StallWatch {

  /** Checks per timeout. */
  private static final int CHECKS = 4;

  private final Vertx vertx;
  private final Duration timeout;
  private long progressNanos;
  private long timer = -1;

  /**
   * @param timeout the longest time without progress
   */
  StallWatch(Vertx vertx, Duration timeout) {
    this.vertx = vertx;
    this.timeout = timeout;
  }

  Duration timeout() {
    return timeout;
  }

  /**
   * Starts watching.
   *
   * @param stalled runs after each check that finds no progress within the timeout
   */
  void start(Runnable stalled) {
    progress();
    timer =
        vertx.setPeriodic(
            Math.max(1, timeout.toMillis() / CHECKS),
            check -> {
              if (System.nanoTime() - progressNanos >= timeout.toNanos()) {
                stalled.run();
              }
            });
  }

  /** Records that the client has made progress. */
  void progress() {
    progressNanos = System.nanoTime();
  }

  /** Stops watching. */
  void stop() {
    vertx.cancelTimer(timer);
  }
}
