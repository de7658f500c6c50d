package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.RelayMark;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Waits until no cache can show the state before writes that Redis has not confirmed, so that these
 * are answered only then. That is so as soon as one of these has happened:
 *
 * <ul>
 *   <li>This event loop has repaired the products in the trusted Redis.
 *   <li>The relay has: it has passed the changes.
 *   <li>No node trusts any Redis: {@link UnconfirmedWrites} ends the trust if the others take long.
 * </ul>
 *
 * <p>Until the repair this process rejects older cached values as well.
 *
 * <p>However long the cache is away, it remembers at most {@link #MAX_KEPT} products and sends one
 * question at a time, about the oldest slice of them, less and less often. The relay works in the
 * order of the commits, so nothing is missed by that.
 *
 * <p>A write beyond the maximum is not remembered. Instead, its version becomes the minimum of all
 * products ({@link MinimumVersions#raiseAll}), until everything that was committed by then has been
 * relayed. So this process still returns nothing older than the write; it reads more from the store
 * than it has to, once the cache is back and until the relay has worked off its backlog.
 *
 * <p>Belongs to one event loop.
 */
final class PendingRepairs {

  private static final long MIN_WAIT_MS = 20;
  private static final long MAX_WAIT_MS = 500;

  /** A wait is this part of the age of the oldest slice, so that writes in time are not delayed. */
  private static final int PART_OF_AGE = 10;

  /** Some megabytes. */
  private static final int MAX_KEPT = 5_000;

  private static final int MAX_SLICE = 500;

  /** Writes that are marked and looked for together. */
  private static final class Slice {

    private final Set<CommittedVersion> changes = new HashSet<>();
    private final long sinceNanos = System.nanoTime();

    private final Promise<Void> repaired;
    private boolean closed;
    private RelayMark mark;

    /**
     * @param repaired to complete when no cache shows what was before these writes
     */
    Slice(Promise<Void> repaired) {
      this.repaired = repaired;
    }

    boolean isOpen() {
      return !closed && changes.size() < MAX_SLICE;
    }

    long ageMs() {
      return (System.nanoTime() - sinceNanos) / 1_000_000;
    }

    /** Completes with whether all of it has been repaired. */
    Future<Boolean> isRepaired(BulkStore store, Cache cache) {
      closed = true;
      if (changes.isEmpty() || !cache.isUp()) {
        return isRelayed(store);
      }
      return cache
          .repair(List.copyOf(changes))
          .transform(
              (done, failure) -> failure == null ? Future.succeededFuture(true) : isRelayed(store));
    }

    private Future<Boolean> isRelayed(BulkStore store) {
      return (mark == null ? store.mark(changes) : Future.succeededFuture(mark))
          .compose(
              set -> {
                mark = set;
                return set.isPassed();
              });
    }
  }

  private final Vertx vertx;
  private final BulkStore store;
  private final Cache cache;
  private final MinimumVersions minimumVersions;
  private final UnconfirmedWrites unconfirmed;
  private final Deque<Slice> slices = new ArrayDeque<>();

  /** Stands for the writes beyond the maximum, and has none of them; null if there are none. */
  private Slice rest;

  private int kept;
  private boolean looking;
  private boolean restWasLast;
  private boolean closed;

  /**
   * @param trust ends the trust in a Redis that is not repaired
   * @param cache repairs it, if it can be reached here
   */
  PendingRepairs(
      Vertx vertx,
      BulkStore store,
      CacheTrust trust,
      Cache cache,
      MinimumVersions minimumVersions) {
    this.vertx = vertx;
    this.store = store;
    this.cache = cache;
    this.minimumVersions = minimumVersions;
    this.unconfirmed = new UnconfirmedWrites(vertx, trust);
  }

  /**
   * Rejects older cached values of a product from now on, until the repair. Completes when no cache
   * can show anything older than the version; never at once. Fails only if this is closed before.
   */
  Future<Void> await(ProductId productId, long version) {
    if (minimumVersions.takeOverAll(this)) {
      renewRest();
    }
    Slice slice;
    if (kept < MAX_KEPT) {
      minimumVersions.raise(productId, version);
      slice = keep(new CommittedVersion(productId, version));
    } else {
      minimumVersions.raiseAll(this, version);
      slice = renewRest();
    }
    if (!looking) {
      looking = true;
      lookLater(MIN_WAIT_MS);
    }
    return unconfirmed.add(slice.repaired.future());
  }

  /** Whether so many writes wait for the relay that a bulk import should wait too. */
  boolean isFull() {
    return kept >= MAX_KEPT;
  }

  /** Stops looking. Another event loop of the process looks for the rest. */
  void close() {
    closed = true;
    minimumVersions.abandonAll(this);
    unconfirmed.close();
  }

  /**
   * What is marked already does not include the next write; what it includes is repaired earlier.
   */
  private Slice renewRest() {
    rest = new Slice(rest == null ? Promise.promise() : rest.repaired);
    return rest;
  }

  private Slice keep(CommittedVersion change) {
    if (slices.isEmpty() || !slices.getLast().isOpen()) {
      slices.add(new Slice(Promise.promise()));
    }
    Slice slice = slices.getLast();
    if (slice.changes.add(change)) {
      kept++;
    }
    return slice;
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
    next.isRepaired(store, cache)
        .otherwise(false)
        .onSuccess(
            repaired -> {
              if (repaired) {
                onRepaired(next);
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

  private void onRepaired(Slice slice) {
    if (slice == slices.peek()) {
      slices.remove();
      kept -= slice.changes.size();
      slice.changes.forEach(change -> minimumVersions.clear(change.productId(), change.version()));
    } else if (slice == rest) {
      rest = null;
      minimumVersions.clearAll(this);
    }
    slice.repaired.tryComplete();
  }
}
