package dev.canvas.data.read;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads a product through the cache in Redis, and fills the cache from the store on a miss. Belongs
 * to one event loop.
 *
 * <h2>What it promises</h2>
 *
 * A read never returns a state older than a write that was confirmed before the read began, and a
 * client never reads an older state after a newer one. A plain read-through cache breaks both: a
 * reader that selects, pauses while a write commits and invalidates, and then fills, leaves the old
 * state in the cache for its whole life.
 *
 * <h2>Leases</h2>
 *
 * The protocol follows the leases of memcache (Nishtala et al., Scaling Memcache at Facebook, NSDI
 * 2013, section 3.2.1). A key in Redis is missing, or holds one of four states ({@link Entry}):
 *
 * <ul>
 *   <li><b>Value or absence</b>: the answer, unless {@link MinimumVersions} rejects it. It does so
 *       if this process has written, or a reader here has seen, something newer.
 *   <li><b>Missing</b>: the reader takes a lease with a token of its own, selects, and fills the
 *       key only if that very lease still stands. Every write ends the leases of its product before
 *       it is confirmed (it fences the key, installs, or repairs it), so what was selected before
 *       the write is never filled after it.
 *   <li><b>Fence</b>: a write is in progress. The reader selects and fills nothing. The writer
 *       caches the new row itself if the product was being read when it was fenced.
 *   <li><b>Another's lease</b>: the reader looks again after 1, 2, 4, 8 and 16 ms, then selects by
 *       itself and fills nothing. So a reader that died delays others by some 31 ms, not by the
 *       lease's life of two seconds.
 * </ul>
 *
 * <h2>Flights</h2>
 *
 * A flight is a select under a lease of this event loop, and concurrent misses join it, so that a
 * product that becomes popular is selected once. Joining is where the promise is easily broken: a
 * read that begins after a confirmed write must not get the result of a select from before it. A
 * read may therefore join in two cases only:
 *
 * <ul>
 *   <li>The select has not been sent yet ({@code Flight.isStarted}), so it will see the write.
 *   <li>This read's <em>own</em> look at Redis, made after it began, returned the flight's lease.
 *       The lease still stands, so no write of the product has been confirmed since it was taken.
 *       The result is checked against {@link MinimumVersions} as well, for writes without a fence.
 * </ul>
 *
 * A flight is kept in the map until Redis has answered its fill: until then other reads may see the
 * lease. {@link FlightLimit} bounds the flights; a miss beyond it selects and fills nothing. The
 * store is read at most {@code MAX_SELECTS} times at once per event loop; further reads fail at
 * once.
 *
 * <h2>Failures</h2>
 *
 * <ul>
 *   <li><b>Redis</b> is unreachable, or fails under a read: the store answers ({@code BYPASS} in
 *       the answer's source). Every row that reaches a reader without being filled is recorded in
 *       {@code MinimumVersions}, so that an older value in Redis is rejected when it returns.
 *   <li><b>The store</b> is unreachable: cached products are still served, others fail. No lease is
 *       taken, because others would wait for it.
 *   <li><b>This process</b> dies under a lease: the lease expires.
 *   <li><b>Redis is not trusted</b>: it is not, or no longer, the one that the store names ({@link
 *       Cache#isUp}, {@code docs/adr/0029-one-trusted-redis.md}). It counts as unreachable.
 *   <li><b>A key</b> is lost (eviction, {@code FLUSHALL}): the fill of its lease is refused, which
 *       costs a miss.
 * </ul>
 *
 * <p>Decisions: {@code docs/adr/0007-minimum-versions-per-process.md}, {@code
 * docs/adr/0016-pipelined-writes.md}, {@code docs/adr/0018-recovery-after-a-fault.md}. {@code
 * CachedStoreTest} has the interleavings one by one; {@code HistoryIT} and the mutants of {@code
 * MutantsIT} check the promise under faults.
 */
public final class ReadThrough {

  /** A row, and the tier that it came from. Immutable. */
  public record Result(Row row, AnswerSource source) {

    /** The answer to the reader. */
    public Lookup lookup() {
      return row.lookup(source);
    }
  }

  /** Waits between looks at another's lease: some 31 ms in all, as long as a slow select. */
  private static final int[] LOOK_AGAIN_MS = {1, 2, 4, 8, 16};

  /**
   * Selects in progress per event loop. More would hardly be answered in time, and would delay
   * those before them.
   */
  private static final int MAX_SELECTS = 2_048;

  private final Vertx vertx;
  private final Cache cache;
  private final Store store;
  private final MinimumVersions minimumVersions;
  private final ReadMetrics metrics;
  private final Map<ProductId, Flight> flights = new HashMap<>();
  private final FlightLimit limit = new FlightLimit(System::nanoTime);
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private long tokens;
  private int selects;

  /** A select under a lease that other reads may join. */
  private static final class Flight {

    private final String token;
    private final Promise<Result> result = Promise.promise();
    private boolean started;

    /**
     * @param token of its lease, never used again
     */
    Flight(String token) {
      this.token = token;
    }

    Future<Result> result() {
      return result.future();
    }

    /** Whether the select may have been sent, so that a read may join only if it saw the lease. */
    boolean isStarted() {
      return started;
    }

    boolean holds(Entry entry) {
      return entry instanceof Entry.Lease lease && lease.token().equals(token);
    }
  }

  public ReadThrough(
      Vertx vertx, Cache cache, Store store, MinimumVersions minimumVersions, ReadMetrics metrics) {
    this.vertx = vertx;
    this.cache = cache;
    this.store = store;
    this.minimumVersions = minimumVersions;
    this.metrics = metrics;
  }

  /** Reads one product; fails only if neither the cache nor the store can answer. */
  public Future<Result> read(ProductId productId) {
    return look(productId, 0);
  }

  private Future<Result> look(ProductId productId, int looks) {
    if (!cache.isUp()) {
      return fromStore(productId, store.source().bypass());
    }
    return cache
        .read(productId)
        .transform(
            (entry, unreachable) ->
                unreachable == null
                    ? onEntry(productId, entry, looks)
                    : fromStore(productId, store.source().bypass()));
  }

  private Future<Result> onEntry(ProductId productId, Entry entry, int looks) {
    if (entry instanceof Entry.Known known) {
      return minimumVersions.rejects(known.row())
          ? fromStore(productId, store.source())
          : Future.succeededFuture(new Result(known.row(), AnswerSource.REDIS));
    }
    if (entry instanceof Entry.Missing) {
      return takeLease(productId, looks);
    }
    if (entry instanceof Entry.Lease lease) {
      return onLease(productId, lease, looks);
    }
    return fromStore(productId, store.source());
  }

  private Future<Result> takeLease(ProductId productId, int looks) {
    Flight waiting = flights.get(productId);
    if (waiting != null && !waiting.isStarted()) {
      return waiting.result();
    }
    // With the store down, a lease would only be left behind for other readers to wait for.
    if (flights.size() >= limit.at(cache.keyPrefix()) || !store.isUp()) {
      return fromStore(productId, store.source());
    }
    Flight flight = new Flight(tokenPrefix + tokens++);
    flights.put(productId, flight);
    cache
        .lease(productId, flight.token)
        .transform(
            (entry, unreachable) -> {
              flight.started = true;
              if (unreachable == null && flight.holds(entry)) {
                return selectAndFill(productId, flight);
              }
              flights.remove(productId, flight);
              return unreachable == null
                  ? onEntry(productId, entry, looks)
                  : fromStore(productId, store.source().bypass());
            })
        .onComplete(flight.result);
    return flight.result();
  }

  private Future<Result> selectAndFill(ProductId productId, Flight flight) {
    return select(productId)
        .onSuccess(
            row ->
                cache
                    .fill(row, flight.token)
                    .onSuccess(metrics::countFill)
                    .otherwise(false)
                    .onSuccess(
                        filled -> {
                          // Not before: until Redis has the row, other reads may see the lease.
                          flights.remove(productId, flight);
                          if (!filled) {
                            minimumVersions.recordRead(row);
                          }
                        }))
        .onFailure(failure -> flights.remove(productId, flight))
        .map(row -> new Result(row, store.source()));
  }

  private Future<Result> onLease(ProductId productId, Entry.Lease lease, int looks) {
    Flight flight = flights.get(productId);
    if (flight != null && flight.holds(lease)) {
      return flight
          .result()
          .compose(
              found ->
                  minimumVersions.rejects(found.row())
                      ? fromStore(productId, store.source())
                      : Future.succeededFuture(found));
    }
    if (looks == LOOK_AGAIN_MS.length) {
      return fromStore(productId, store.source());
    }
    return vertx.timer(LOOK_AGAIN_MS[looks]).compose(waited -> look(productId, looks + 1));
  }

  private Future<Result> fromStore(ProductId productId, AnswerSource source) {
    return select(productId)
        .onSuccess(minimumVersions::recordRead)
        .map(row -> new Result(row, source));
  }

  private Future<Row> select(ProductId productId) {
    if (selects >= MAX_SELECTS) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "%d products are being read from the store, the most allowed at once; retry in a"
                  + " second",
              selects));
    }
    selects++;
    return store.select(productId).onComplete(answered -> selects--);
  }
}
