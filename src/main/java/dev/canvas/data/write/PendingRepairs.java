package dev.canvas.data.write;

import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.CommittedVersion;
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
 * Waits for the relay to repair the cache after writes that it has not confirmed, so that these are
 * answered when no node reads the old state any more. If no relay reaches the cache, they are
 * answered after {@link #DEADLINE}, and only this process rejects older cached values until the
 * repair. Belongs to one event loop.
 */
final class PendingRepairs {

  /** Longer than a relay needs that reaches both the store and the cache. */
  private static final Duration DEADLINE = Duration.ofMillis(200);

  private static final long POLL_MS = 20;

  /** Some megabytes here, and a few milliseconds of the store at each poll. */
  private static final int MANY = 5_000;

  private final Vertx vertx;
  private final Writer writer;
  private final MinimumVersions minimumVersions;
  private final Map<CommittedVersion, Promise<Void>> waiting = new HashMap<>();
  private boolean closed;

  PendingRepairs(Vertx vertx, Writer writer, MinimumVersions minimumVersions) {
    this.vertx = vertx;
    this.writer = writer;
    this.minimumVersions = minimumVersions;
  }

  /**
   * Completes when the cache holds nothing older than the version, or at the deadline; never fails.
   * Clears the minimum version, which the caller has raised, when the repair is done, even if that
   * is after the deadline.
   */
  Future<Void> await(ProductId productId, long version) {
    Promise<Void> repaired = Promise.promise();
    if (waiting.isEmpty()) {
      pollLater();
    }
    waiting.put(new CommittedVersion(productId, version), repaired);
    long deadline = vertx.setTimer(DEADLINE.toMillis(), late -> repaired.tryComplete());
    return repaired.future().onComplete(done -> vertx.cancelTimer(deadline));
  }

  /** Whether so many writes wait for the relay that a bulk import should wait too. */
  boolean isFull() {
    return waiting.size() >= MANY;
  }

  /** Stops polling. */
  void close() {
    closed = true;
  }

  private void pollLater() {
    vertx.setTimer(POLL_MS, tick -> poll());
  }

  private void poll() {
    if (closed || waiting.isEmpty()) {
      return;
    }
    List<CommittedVersion> polled = List.copyOf(waiting.keySet());
    writer
        .unrelayed(polled)
        .onSuccess(
            unrelayed ->
                polled.stream()
                    .filter(change -> !unrelayed.contains(change))
                    .forEach(this::onRepaired))
        .onComplete(
            done -> {
              if (!waiting.isEmpty()) {
                pollLater();
              }
            });
  }

  private void onRepaired(CommittedVersion change) {
    minimumVersions.clear(change.productId(), change.version());
    waiting.remove(change).tryComplete();
  }
}
