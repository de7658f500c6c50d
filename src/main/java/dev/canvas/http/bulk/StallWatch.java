package dev.canvas.http.bulk;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Ends a stream whose client stands still: a byte now and then is not enough. Belongs to one event
 * loop.
 */
final class StallWatch {

  /** How many times it is looked within the patience. */
  private static final int LOOKS = 4;

  private final Vertx vertx;
  private final Duration patience;
  private long movedNanos;
  private long timer = -1;

  /**
   * @param patience the longest that nothing may move
   */
  StallWatch(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
  }

  Duration patience() {
    return patience;
  }

  /**
   * Begins to watch.
   *
   * @param stalled run when nothing has moved, and again and again until it does, or this ends
   */
  void begin(Runnable stalled) {
    moved();
    timer =
        vertx.setPeriodic(
            Math.max(1, patience.toMillis() / LOOKS),
            look -> {
              if (System.nanoTime() - movedNanos >= patience.toNanos()) {
                stalled.run();
              }
            });
  }

  /** The client has done something that it was waited for. */
  void moved() {
    movedNanos = System.nanoTime();
  }

  /** Watches no more. */
  void end() {
    vertx.cancelTimer(timer);
  }
}
