package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
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
 *   <li>While Redis is away the store answers alone. What this process has written without Redis is
 *       not taken from there in an older version.
 * </ul>
 *
 * <p>Belongs to one event loop.
 */
final class CachedStore implements MediaService {

  /** The waits between looks at another's lease, in ms: some 30 ms, a slow select, in all. */
  private static final int[] LOOK_AGAIN_MS = {1, 2, 4, 8, 16};

  /**
   * Flights that are under way at once. Beyond them a miss asks the store and fills nothing: a
   * lease and a fill are half of what it costs, and what waits for them here waits longer than they
   * save. So a Redis that came back empty is filled while the readers are served.
   */
  private static final int MAX_FLIGHTS = 128;

  private final Vertx vertx;
  private final NearCache near;
  private final Cache cache;
  private final Store store;
  private final VersionFloors floors;
  private final GroupCommit writes;
  private final DataMetrics metrics;
  private final Map<ProductId, Flight> flights = new HashMap<>();
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private long tokens;

  CachedStore(
      Vertx vertx,
      NearCache near,
      Cache cache,
      Store store,
      VersionFloors floors,
      GroupCommit writes,
      DataMetrics metrics) {
    this.vertx = vertx;
    this.near = near;
    this.cache = cache;
    this.store = store;
    this.floors = floors;
    this.writes = writes;
    this.metrics = metrics;
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    String space = cache.space();
    Future<Lookup> here = near.get(productId, space);
    if (here != null) {
      metrics.handle(here);
      return here;
    }
    long ticket = near.ticket(productId);
    return look(productId, 0).map(found -> remembered(found, ticket, space)).onComplete(metrics);
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
        .map(rows -> rows.stream().map(row -> row.from(store.source().bypass())).toList());
  }

  @Override
  public Future<Written> write(Change change) {
    return writes.write(change);
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return writes.writeAll(changes);
  }

  @Override
  public Future<Tiers> tiers() {
    return Future.succeededFuture(new Tiers(cache.isUp(), store.isUp()));
  }

  private Lookup remembered(Found found, long ticket, String space) {
    if (found.source() == Source.REDIS) {
      near.put(found.row(), ticket, space);
    } else {
      near.seen(found.row());
    }
    return found.lookup();
  }

  private Future<Found> look(ProductId productId, int looks) {
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

  private Future<Found> onEntry(ProductId productId, Entry entry, int looks) {
    if (entry instanceof Entry.Known known) {
      return floors.isBelow(known.row())
          ? fromStore(productId, store.source())
          : Future.succeededFuture(new Found(known.row(), Source.REDIS));
    }
    if (entry instanceof Entry.Missing) {
      return takeLease(productId, looks);
    }
    if (entry instanceof Entry.Lease lease) {
      return onLease(productId, lease, looks);
    }
    return fromStore(productId, store.source());
  }

  private Future<Found> takeLease(ProductId productId, int looks) {
    Flight waiting = flights.get(productId);
    if (waiting != null && !waiting.isStarted()) {
      return waiting.answer();
    }
    if (flights.size() >= MAX_FLIGHTS) {
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

  private Future<Found> fly(ProductId productId, Flight flight) {
    return store
        .select(productId)
        .onSuccess(
            row ->
                // Until Redis has the row its lease may be seen, and the flight be joined.
                cache
                    .fill(row, flight.token())
                    .onSuccess(filled -> settled(row, filled))
                    .onComplete(done -> flights.remove(productId, flight)))
        .onFailure(failure -> flights.remove(productId, flight))
        .map(row -> new Found(row, store.source()));
  }

  private void settled(Row row, boolean filled) {
    metrics.filled(filled);
    if (!filled) {
      floors.saw(row);
    }
  }

  private Future<Found> onLease(ProductId productId, Entry.Lease lease, int looks) {
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

  private Future<Found> fromStore(ProductId productId, Source source) {
    return store.select(productId).onSuccess(floors::saw).map(row -> new Found(row, source));
  }

  private static boolean isLeaseOf(Flight flight, Entry entry) {
    return entry instanceof Entry.Lease lease && lease.token().equals(flight.token());
  }
}
