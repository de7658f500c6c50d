package dev.canvas.data.write;

import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.RelayMark;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits for the relay to repair the cache after writes that it has not confirmed, so that these are
 * answered when no node reads the old state any more. If no relay reaches the cache, they are
 * answered after {@link #DEADLINE}, and only this process rejects older cached values until the
 * repair.
 *
 * <p>However long the cache is away, it remembers at most {@link #MAX_KEPT} writes and sends one
 * question at a time, about the oldest slice of them, less and less often. The relay works in the
 * order of the commits, so nothing is missed by that.
 *
 * <p>A write beyond the maximum is answered at the deadline and not remembered. Instead, its
 * version becomes the minimum of all products ({@link MinimumVersions#raiseAll}), until everything
 * that was committed by then has been relayed. So this process still returns nothing older than the
 * write; it reads more from the store than it has to, once the cache is back and until the relay
 * has worked off its backlog.
 *
 * <p>Belongs to one event loop.
 */
final class PendingRepairs {

  /** Longer than a relay needs that reaches both the store and the cache. */
  private static final Duration DEADLINE = Duration.ofMillis(200);

  private static final long MIN_WAIT_MS = 20;
  private static final long MAX_WAIT_MS = 500;

  /** A wait is this part of the age of the oldest slice, so that writes in time are not delayed. */
  private static final int PART_OF_AGE = 10;

  /** Some megabytes. */
  private static final int MAX_KEPT = 5_000;

  private static final int MAX_SLICE = 500;

  /** Writes that are marked and looked for together. */
  private static final class Slice {

    private final Map<CommittedVersion, Promise<Void>> changes = new HashMap<>();
    private final long sinceNanos = System.nanoTime();
    private boolean closed;
    private RelayMark mark;

    boolean isOpen() {
      return !closed && changes.size() < MAX_SLICE;
    }

    long ageMs() {
      return (System.nanoTime() - sinceNanos) / 1_000_000;
    }

    /** Completes with whether all of it has been relayed. */
    Future<Boolean> isRelayed(BulkStore store) {
      closed = true;
      return (mark == null ? store.mark(changes.keySet()) : Future.succeededFuture(mark))
          .compose(
              set -> {
                mark = set;
                return set.isPassed();
              });
    }
  }

  private final Vertx vertx;
  private final BulkStore store;
  private final MinimumVersions minimumVersions;
  private final Deque<Slice> slices = new ArrayDeque<>();

  /** Stands for the writes beyond the maximum, and has none of them; null if there are none. */
  private Slice rest;

  private int kept;
  private boolean looking;
  private boolean restWasLast;
  private boolean closed;

  PendingRepairs(Vertx vertx, BulkStore store, MinimumVersions minimumVersions) {
    this.vertx = vertx;
    this.store = store;
    this.minimumVersions = minimumVersions;
  }

  /**
   * Rejects older cached values of a product from now on, until the repair. Completes when the
   * cache holds nothing older than the version, or at the deadline; never at once, and never fails.
   */
  Future<Void> await(ProductId productId, long version) {
    Promise<Void> repaired = Promise.promise();
    if (minimumVersions.takeOverAll(this)) {
      rest = new Slice();
    }
    if (kept < MAX_KEPT) {
      minimumVersions.raise(productId, version);
      keep(new CommittedVersion(productId, version), repaired);
    } else {
      minimumVersions.raiseAll(this, version);
      // What is marked already does not include this write.
      rest = new Slice();
    }
    if (!looking) {
      looking = true;
      lookLater(MIN_WAIT_MS);
    }
    long deadline = vertx.setTimer(DEADLINE.toMillis(), late -> repaired.tryComplete());
    return repaired.future().onComplete(done -> vertx.cancelTimer(deadline));
  }

  /** Whether so many writes wait for the relay that a bulk import should wait too. */
  boolean isFull() {
    return kept >= MAX_KEPT;
  }

  /** Stops looking. Another event loop of the process looks for the rest. */
  void close() {
    closed = true;
    minimumVersions.abandonAll(this);
  }

  private void keep(CommittedVersion change, Promise<Void> repaired) {
    if (slices.isEmpty() || !slices.getLast().isOpen()) {
      slices.add(new Slice());
    }
    Map<CommittedVersion, Promise<Void>> changes = slices.getLast().changes;
    Promise<Void> before = changes.put(change, repaired);
    if (before == null) {
      kept++;
    } else {
      repaired.future().onSuccess(done -> before.tryComplete());
    }
  }

  private void lookLater(long waitMs) {
    vertx.setTimer(waitMs, tick -> look());
  }

  private void look() {
    Slice next = next();
    if (closed || next == null) {
      looking = false;
      return;
    }
    next.isRelayed(store)
        .otherwise(false)
        .onSuccess(
            relayed -> {
              if (relayed) {
                onRelayed(next);
                look();
              } else {
                lookLater(nextWaitMs());
              }
            });
  }

  private long nextWaitMs() {
    // The rest is new after each write that it stands for.
    long ageMs = slices.isEmpty() ? rest.ageMs() : slices.peek().ageMs();
    return Math.max(MIN_WAIT_MS, Math.min(MAX_WAIT_MS, ageMs / PART_OF_AGE));
  }

  /** The oldest slice and the rest in turn, so that neither waits for the other for ever. */
  private Slice next() {
    restWasLast = rest != null && (slices.isEmpty() || !restWasLast);
    return restWasLast ? rest : slices.peek();
  }

  private void onRelayed(Slice slice) {
    if (slice == slices.peek()) {
      slices.remove();
      kept -= slice.changes.size();
      slice.changes.forEach(
          (change, repaired) -> {
            minimumVersions.clear(change.productId(), change.version());
            repaired.tryComplete();
          });
    } else if (slice == rest) {
      rest = null;
      minimumVersions.clearAll(this);
    }
  }
}
