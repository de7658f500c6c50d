package dev.canvas.data.read;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads through the cache to the store, so that a read is never older than a write confirmed before
 * it. After the leases of memcache (Nishtala et al., Scaling Memcache at Facebook, NSDI 2013,
 * section 3.2.1):
 *
 * <ul>
 *   <li>A miss takes a lease in Redis, then asks the store, then fills the key if the lease is
 *       still there. A write in between has ended it.
 *   <li>A read may join the select of another (a {@link Flight}) only if its own answer from Redis
 *       showed that flight's lease, or if the select has not started: else a write confirmed before
 *       this read, and after that select, would be missed.
 *   <li>A read that finds the lease of another node looks again a few times, then asks the store
 *       itself and fills nothing; one that finds a fence does so at once.
 *   <li>While Redis is away the store answers alone. What this process has written without Redis is
 *       not taken from there in an older version.
 * </ul>
 *
 * <p>Belongs to one event loop.
 */
public final class ReadThrough {

  /** The waits between looks at another's lease, in ms: some 30 ms, a slow select, in all. */
  private static final int[] LOOK_AGAIN_MS = {1, 2, 4, 8, 16};

  /**
   * Products that the store is asked for at once. What comes beyond them would hardly be answered
   * in time, and have those before it wait too long as well.
   */
  private static final int MAX_ASKED = 2_048;

  private final Vertx vertx;
  private final Cache cache;
  private final Store store;
  private final MinimumVersions floors;
  private final ReadMetrics metrics;
  private final Map<ProductId, Flight> flights = new HashMap<>();
  private final FlightLimit limit = new FlightLimit(System::nanoTime);
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private long tokens;
  private int asked;

  public ReadThrough(
      Vertx vertx, Cache cache, Store store, MinimumVersions floors, ReadMetrics metrics) {
    this.vertx = vertx;
    this.cache = cache;
    this.store = store;
    this.floors = floors;
    this.metrics = metrics;
  }

  /** Reads one product; fails only where neither the cache nor the store can tell. */
  public Future<ReadResult> read(ProductId productId) {
    return look(productId, 0);
  }

  private Future<ReadResult> look(ProductId productId, int looks) {
    if (!cache.isUp()) {
      return fromStore(productId, store.source().bypass());
    }
    return cache
        .read(productId)
        .transform(
            (entry, away) ->
                away == null
                    ? onEntry(productId, entry, looks)
                    : fromStore(productId, store.source().bypass()));
  }

  private Future<ReadResult> onEntry(ProductId productId, Entry entry, int looks) {
    if (entry instanceof Entry.Known known) {
      return floors.isBelow(known.row())
          ? fromStore(productId, store.source())
          : Future.succeededFuture(new ReadResult(known.row(), AnswerSource.REDIS));
    }
    if (entry instanceof Entry.Missing) {
      return takeLease(productId, looks);
    }
    if (entry instanceof Entry.Lease lease) {
      return onLease(productId, lease, looks);
    }
    return fromStore(productId, store.source());
  }

  private Future<ReadResult> takeLease(ProductId productId, int looks) {
    Flight waiting = flights.get(productId);
    if (waiting != null && !waiting.isStarted()) {
      return waiting.answer();
    }
    // No lease either that would be left behind, for others to wait for, by a store that is away.
    if (flights.size() >= limit.in(cache.space()) || !store.isUp()) {
      return fromStore(productId, store.source());
    }
    Flight flight = new Flight(tokenPrefix + tokens++);
    flights.put(productId, flight);
    flight.land(
        cache
            .lease(productId, flight.token())
            .transform(
                (entry, away) -> {
                  flight.start();
                  if (away == null && isLeaseOf(flight, entry)) {
                    return fly(productId, flight);
                  }
                  flights.remove(productId, flight);
                  return away == null
                      ? onEntry(productId, entry, looks)
                      : fromStore(productId, store.source().bypass());
                }));
    return flight.answer();
  }

  private Future<ReadResult> fly(ProductId productId, Flight flight) {
    return ask(productId)
        .onSuccess(
            row ->
                // Until Redis has the row its lease may be seen, and the flight be joined.
                cache
                    .fill(row, flight.token())
                    .onSuccess(metrics::filled)
                    .otherwise(false)
                    .onSuccess(
                        filled -> {
                          flights.remove(productId, flight);
                          if (!filled) {
                            floors.saw(row);
                          }
                        }))
        .onFailure(failure -> flights.remove(productId, flight))
        .map(row -> new ReadResult(row, store.source()));
  }

  private Future<ReadResult> onLease(ProductId productId, Entry.Lease lease, int looks) {
    Flight flight = flights.get(productId);
    if (flight != null && isLeaseOf(flight, lease)) {
      return flight
          .answer()
          .compose(
              found ->
                  floors.isBelow(found.row())
                      ? fromStore(productId, store.source())
                      : Future.succeededFuture(found));
    }
    if (looks == LOOK_AGAIN_MS.length) {
      return fromStore(productId, store.source());
    }
    return vertx.timer(LOOK_AGAIN_MS[looks]).compose(waited -> look(productId, looks + 1));
  }

  private Future<ReadResult> fromStore(ProductId productId, AnswerSource source) {
    return ask(productId).onSuccess(floors::saw).map(row -> new ReadResult(row, source));
  }

  private Future<Row> ask(ProductId productId) {
    if (asked >= MAX_ASKED) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "%d products are being read from the store, which is as many as may be at once;"
                  + " ask again in a second",
              asked));
    }
    asked++;
    return store.select(productId).onComplete(answered -> asked--);
  }

  private static boolean isLeaseOf(Flight flight, Entry entry) {
    return entry instanceof Entry.Lease lease && lease.token().equals(flight.token());
  }
}
