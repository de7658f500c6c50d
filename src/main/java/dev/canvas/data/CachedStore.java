package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import dev.canvas.media.Source;
import dev.canvas.media.Tiers;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
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
 *   <li>While Redis is away the store answers alone.
 * </ul>
 *
 * <p>Belongs to one event loop.
 */
final class CachedStore implements MediaService {

  /** The waits between looks at another's lease, in ms: some 30 ms, a slow select, in all. */
  private static final int[] LOOK_AGAIN_MS = {1, 2, 4, 8, 16};

  private final Vertx vertx;
  private final Cache cache;
  private final Store store;
  private final DataMetrics metrics;
  private final Map<ProductId, Flight> flights = new HashMap<>();
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private long tokens;

  CachedStore(Vertx vertx, Cache cache, Store store, DataMetrics metrics) {
    this.vertx = vertx;
    this.cache = cache;
    this.store = store;
    this.metrics = metrics;
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    return look(productId, 0).onComplete(metrics);
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    List<Future<Lookup>> lookups = productIds.stream().map(this::get).toList();
    return Future.all(lookups).map(done -> lookups.stream().map(Future::result).toList());
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    return store
        .page(from, limit)
        .map(rows -> rows.stream().map(row -> row.from(Source.POSTGRES_BYPASS)).toList());
  }

  @Override
  public Future<Written> write(Change change) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Tiers> tiers() {
    return Future.succeededFuture(new Tiers(cache.isUp(), store.isUp()));
  }

  private Future<Lookup> look(ProductId productId, int looks) {
    if (!cache.isUp()) {
      return fromStore(productId, Source.POSTGRES_BYPASS);
    }
    return cache
        .read(productId)
        .transform(
            (entry, away) ->
                away == null
                    ? onEntry(productId, entry, looks)
                    : fromStore(productId, Source.POSTGRES_BYPASS));
  }

  private Future<Lookup> onEntry(ProductId productId, Entry entry, int looks) {
    if (entry instanceof Entry.Known known) {
      return Future.succeededFuture(known.row().from(Source.REDIS));
    }
    if (entry instanceof Entry.Missing) {
      return takeLease(productId, looks);
    }
    if (entry instanceof Entry.Lease lease) {
      return onLease(productId, lease, looks);
    }
    return fromStore(productId, Source.POSTGRES);
  }

  private Future<Lookup> takeLease(ProductId productId, int looks) {
    Flight waiting = flights.get(productId);
    if (waiting != null && !waiting.isStarted()) {
      return waiting.answer();
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
                      : fromStore(productId, Source.POSTGRES_BYPASS);
                }));
    return flight.answer();
  }

  private Future<Lookup> fly(ProductId productId, Flight flight) {
    return store
        .select(productId)
        .onSuccess(
            row ->
                // Until Redis has the row its lease may be seen, and the flight be joined.
                cache
                    .fill(row, flight.token())
                    .onSuccess(metrics::filled)
                    .onComplete(done -> flights.remove(productId, flight)))
        .onFailure(failure -> flights.remove(productId, flight))
        .map(row -> row.from(Source.POSTGRES));
  }

  private Future<Lookup> onLease(ProductId productId, Entry.Lease lease, int looks) {
    Flight flight = flights.get(productId);
    if (flight != null && isLeaseOf(flight, lease)) {
      return flight.answer();
    }
    if (looks == LOOK_AGAIN_MS.length) {
      return fromStore(productId, Source.POSTGRES);
    }
    return vertx.timer(LOOK_AGAIN_MS[looks]).compose(waited -> look(productId, looks + 1));
  }

  private Future<Lookup> fromStore(ProductId productId, Source source) {
    return store.select(productId).map(row -> row.from(source));
  }

  private static boolean isLeaseOf(Flight flight, Entry entry) {
    return entry instanceof Entry.Lease lease && lease.token().equals(flight.token());
  }
}
