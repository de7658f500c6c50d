package dev.canvas.data;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A cache that is slow now and then, and whose fills and installs pass gates. For the mutant {@link
 * Mutant#JOINS_ANY_FLIGHT} it answers every read with the lease of a select that still runs,
 * without looking at Redis.
 */
final class DelayedCache implements Cache {

  private final Cache cache;
  private final DelayLine line;
  private final Gate fills;
  private final Gate installs;
  private final boolean joinsAnyFlight;
  private final Map<ProductId, String> flights = new HashMap<>();

  DelayedCache(Cache cache, DelayLine line, Gate fills, Gate installs, Mutant mutant) {
    this.cache = cache;
    this.line = line;
    this.fills = fills;
    this.installs = installs;
    this.joinsAnyFlight = mutant == Mutant.JOINS_ANY_FLIGHT;
  }

  @Override
  public Future<Void> connect() {
    return cache.connect();
  }

  @Override
  public boolean isUp() {
    return cache.isUp();
  }

  @Override
  public String keyPrefix() {
    return cache.keyPrefix();
  }

  @Override
  public Future<Entry> read(ProductId productId) {
    String flight = flights.get(productId);
    return flight == null
        ? line.call(() -> cache.read(productId))
        : Future.succeededFuture(new Entry.Lease(flight));
  }

  @Override
  public Future<Entry> lease(ProductId productId, String token) {
    return line.call(() -> cache.lease(productId, token))
        .onSuccess(
            entry -> {
              if (joinsAnyFlight && entry.equals(new Entry.Lease(token))) {
                flights.put(productId, token);
              }
            });
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return fills
        .pass(() -> line.call(() -> cache.fill(row, token)))
        .onComplete(over -> flights.remove(row.productId(), token));
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return installs.passUnlessShut(() -> line.call(() -> cache.fence(productIds, token)));
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return installs.pass(() -> line.call(() -> cache.install(installations, token)));
  }

  @Override
  public Future<Void> repair(List<CommittedVersion> changes) {
    return installs.passUnlessShut(() -> line.call(() -> cache.repair(changes)));
  }

  @Override
  public void close() {
    cache.close();
  }
}
