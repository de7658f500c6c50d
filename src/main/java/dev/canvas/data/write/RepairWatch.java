package dev.canvas.data.write;

import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits for the relay to repair the cache after writes that could not be announced there, so that
 * they are confirmed when nobody reads what was before. Where no relay reaches the cache they are
 * confirmed all the same after {@link #DEADLINE}; this process does not believe the cache until the
 * repair. Belongs to one event loop.
 */
public final class RepairWatch {

  /** Longer than a relay takes that reaches both the store and the cache. */
  private static final Duration DEADLINE = Duration.ofMillis(200);

  private static final long LOOK_MS = 20;

  /** Some MB, and a few milliseconds of the store's at each look. */
  private static final int MANY = 5_000;

  private final Vertx vertx;
  private final Writer writer;
  private final MinimumVersions floors;
  private final Map<PendingChange, Promise<Void>> waiting = new HashMap<>();
  private boolean closed;

  public RepairWatch(Vertx vertx, Writer writer, MinimumVersions floors) {
    this.vertx = vertx;
    this.writer = writer;
    this.floors = floors;
  }

  /**
   * Completes when the cache has nothing older, or the deadline is over; never fails. The floor
   * that the caller has raised is let down when it is repaired, deadline or not.
   */
  Future<Void> repaired(ProductId productId, long version) {
    Promise<Void> repaired = Promise.promise();
    if (waiting.isEmpty()) {
      lookLater();
    }
    waiting.put(new PendingChange(productId, version), repaired);
    long deadline = vertx.setTimer(DEADLINE.toMillis(), late -> repaired.tryComplete());
    return repaired.future().onComplete(done -> vertx.cancelTimer(deadline));
  }

  /** Whether so many wait for the relay that a bulk had better wait too. */
  boolean isFull() {
    return waiting.size() >= MANY;
  }

  /** Looks no more. */
  public void close() {
    closed = true;
  }

  private void lookLater() {
    vertx.setTimer(LOOK_MS, tick -> look());
  }

  private void look() {
    if (closed || waiting.isEmpty()) {
      return;
    }
    List<PendingChange> asked = List.copyOf(waiting.keySet());
    writer
        .unrepaired(asked)
        .onSuccess(
            unrepaired ->
                asked.stream().filter(change -> !unrepaired.contains(change)).forEach(this::settle))
        .onComplete(
            looked -> {
              if (!waiting.isEmpty()) {
                lookLater();
              }
            });
  }

  private void settle(PendingChange change) {
    floors.repaired(change.productId(), change.version());
    waiting.remove(change).tryComplete();
  }
}
