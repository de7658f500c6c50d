package dev.canvas.data.read;

import dev.canvas.data.admission.Admission;
import dev.canvas.data.admission.Gate;
import dev.canvas.data.admission.Kind;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

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
 *   <li>The select has not been sent yet ({@code Flight.started}), so it will see the write. So a
 *       flight that waits for its place can be joined, and those who join it need none.
 *   <li>This read's <em>own</em> look at Redis, made after it began, returned the flight's lease.
 *       The lease still stands, so no write of the product has been confirmed since it was taken.
 *       The result is checked against {@link MinimumVersions} as well, for writes without a fence.
 * </ul>
 *
 * A flight is kept in the map until Redis has answered its fill: until then other reads may see the
 * lease. {@link FlightLimit} bounds the leases; a flight beyond it selects and fills nothing, and
 * is not joined any more once it has started.
 *
 * <h2>Admission</h2>
 *
 * A look at Redis needs a place in the {@link Gate} of hot reads, and whatever asks the store one
 * in that of cold reads; without a place in time the read is refused. What has been admitted as a
 * part of a batch needs neither.
 *
 * <h2>Failures</h2>
 *
 * <ul>
 *   <li><b>Redis</b> is unreachable, or fails under a read: the store answers ({@code BYPASS} in
 *       the answer's source). Every row that reaches a reader from the store is recorded in {@code
 *       MinimumVersions}, so that an older value in Redis is rejected when it returns.
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

  private final Vertx vertx;
  private final Cache cache;
  private final Store store;
  private final MinimumVersions minimumVersions;
  private final ReadMetrics metrics;
  private final Map<ProductId, Flight> flights = new HashMap<>();
  private final FlightLimit limit = new FlightLimit(System::nanoTime);
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private final Gate hotReads;
  private final Gate coldReads;
  private long tokens;
  private int leases;

  /** A select under a lease that other reads may join. */
  private static final class Flight {

    /** Of its lease, never used again. */
    private final String token;

    private final Promise<Result> result = Promise.promise();

    /** Whether the select may have been sent, so that a read may join only if it saw the lease. */
    private boolean started;

    Flight(String token) {
      this.token = token;
    }

    boolean holds(Entry entry) {
      return entry instanceof Entry.Lease lease && lease.token().equals(token);
    }
  }

  public ReadThrough(
      Vertx vertx,
      Cache cache,
      Store store,
      MinimumVersions minimumVersions,
      Admission admission,
      ReadMetrics metrics) {
    this.vertx = vertx;
    this.cache = cache;
    this.store = store;
    this.minimumVersions = minimumVersions;
    this.hotReads = admission.gate(Kind.HOT_READ);
    this.coldReads = admission.gate(Kind.COLD_READ);
    this.metrics = metrics;
  }

  /** Reads one product; fails if neither the cache nor the store can answer, or if refused. */
  public Future<Result> read(ProductId productId) {
    return look(productId, 0, false);
  }

  /** Reads one product of a batch that has been admitted as a whole. */
  public Future<Result> readAdmitted(ProductId productId) {
    return look(productId, 0, true);
  }

  private Future<Result> look(ProductId productId, int looks, boolean admitted) {
    if (!cache.isUp()) {
      return fromStore(productId, store.source().bypass(), admitted);
    }
    Future<Entry> looked =
        admitted || looks > 0 ? cache.read(productId) : hotReads.admit(() -> cache.read(productId));
    return looked.transform(
        (entry, failure) -> {
          if (failure == null) {
            return onEntry(productId, entry, looks, admitted);
          }
          return failure instanceof ProblemException refusal
              ? Future.failedFuture(refusal)
              : fromStore(productId, store.source().bypass(), admitted);
        });
  }

  private Future<Result> onEntry(ProductId productId, Entry entry, int looks, boolean admitted) {
    if (entry instanceof Entry.Known known) {
      return minimumVersions.rejects(known.row())
          ? fromStore(productId, store.source(), admitted)
          : Future.succeededFuture(new Result(known.row(), AnswerSource.REDIS));
    }
    if (entry instanceof Entry.Missing) {
      return join(productId, looks, admitted);
    }
    if (entry instanceof Entry.Lease lease) {
      return onLease(productId, lease, looks, admitted);
    }
    return fromStore(productId, store.source(), admitted);
  }

  /** Joins the flight of a product that has not started, or begins one. */
  private Future<Result> join(ProductId productId, int looks, boolean admitted) {
    Flight waiting = flights.get(productId);
    if (waiting != null && !waiting.started) {
      return admitted
          ? waiting.result.future().recover(refused -> fromStore(productId, store.source(), true))
          : waiting.result.future();
    }
    Flight flight = new Flight(tokenPrefix + tokens++);
    flights.put(productId, flight);
    askStore(() -> start(productId, flight, looks), admitted)
        .onFailure(failure -> flights.remove(productId, flight))
        .onComplete(flight.result);
    return flight.result.future();
  }

  /** Starts a flight, under a lease if it may take one. */
  private Future<Result> start(ProductId productId, Flight flight, int looks) {
    // With the store down, a lease would only be left behind for other readers to wait for.
    if (leases >= limit.at(cache.keyPrefix()) || !store.isUp()) {
      flight.started = true;
      flights.remove(productId, flight);
      return fromStore(productId, store.source(), true);
    }
    leases++;
    return cache
        .lease(productId, flight.token)
        .transform(
            (entry, unreachable) -> {
              flight.started = true;
              if (unreachable == null && flight.holds(entry)) {
                return selectAndFill(productId, flight);
              }
              end(productId, flight);
              return unreachable == null
                  ? onEntry(productId, entry, looks, true)
                  : fromStore(productId, store.source().bypass(), true);
            });
  }

  private Future<Result> selectAndFill(ProductId productId, Flight flight) {
    return store
        .select(productId)
        .onSuccess(
            row -> {
              // Before the answer: another event loop may find an older value as long as the fill
              // is on its way, or if it is refused.
              minimumVersions.recordRead(row);
              cache
                  .fill(row, flight.token)
                  .onSuccess(metrics::countFill)
                  // Not before: until Redis has the row, other reads may see the lease.
                  .onComplete(filled -> end(productId, flight));
            })
        .onFailure(failure -> end(productId, flight))
        .map(row -> new Result(row, store.source()));
  }

  /** Ends a flight that has tried to take a lease. */
  private void end(ProductId productId, Flight flight) {
    leases--;
    flights.remove(productId, flight);
  }

  private Future<Result> onLease(
      ProductId productId, Entry.Lease lease, int looks, boolean admitted) {
    Flight flight = flights.get(productId);
    if (flight != null && flight.holds(lease)) {
      return flight
          .result
          .future()
          .compose(
              found ->
                  minimumVersions.rejects(found.row())
                      ? fromStore(productId, store.source(), admitted)
                      : Future.succeededFuture(found));
    }
    if (looks == LOOK_AGAIN_MS.length) {
      return fromStore(productId, store.source(), admitted);
    }
    return vertx
        .timer(LOOK_AGAIN_MS[looks])
        .compose(waited -> look(productId, looks + 1, admitted));
  }

  private Future<Result> fromStore(ProductId productId, AnswerSource source, boolean admitted) {
    return askStore(() -> store.select(productId), admitted)
        .onSuccess(minimumVersions::recordRead)
        .map(row -> new Result(row, source));
  }

  /** Does what asks the store, once it has a place. Without the store it fails at once. */
  private <T> Future<T> askStore(Supplier<Future<T>> work, boolean admitted) {
    return admitted || !store.isUp() ? work.get() : coldReads.admit(work);
  }
}
