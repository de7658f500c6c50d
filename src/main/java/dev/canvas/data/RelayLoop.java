package dev.canvas.data;

import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.cache.InvalidationListener;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.cache.RedisNaming;
import dev.canvas.data.cache.TrustLooks;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.write.Relay;
import dev.canvas.loop.LoopTimer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * The relay of a process and the listener that keeps its near cache valid: two connections to the
 * store and two to Redis. Its owner decides when they work. Belongs to one event loop.
 */
final class RelayLoop {

  /** How often the store is asked which Redis may be trusted: several times in its life. */
  private static final long LOOK_MS = 100;

  private final Vertx vertx;
  private final NearCache near;
  private final TrustLooks looks;
  private final Store store;
  private final RedisCache cache;
  private final Outbox outbox;
  private final InvalidationListener invalidations;
  private final Relay relay;
  private final boolean relays;

  RelayLoop(
      Context context,
      CacheSettings settings,
      DataParts parts,
      ProcessState process,
      Consumer<Outbox.Message> listener,
      boolean relays) {
    this.relays = relays;
    vertx = context.owner();
    near = process.near();
    store = parts.stores().relayStore(context);
    looks = new TrustLooks(store.cacheTrust(), process.trustedRedis());
    cache = RedisCache.ofRelay(context, settings, process.redisOutages(), store, parts.scripts());
    outbox = parts.stores().outbox(context);
    invalidations =
        new InvalidationListener(context, settings.redis(), process.redisOutages(), cache, near);
    RedisNaming naming = new RedisNaming(cache, store.cacheTrust());
    relay = new Relay(outbox, cache, naming, process.confirmedInstalls(), listener);
  }

  /** Connects. Fails if the store cannot be reached now; Redis may come later. */
  Future<Void> connect() {
    return Future.all(store.connect(), outbox.connect())
        .compose(connected -> cache.connect().otherwiseEmpty())
        // The data verticles use the Redis that the relay has named.
        .compose(connected -> round().otherwise(false))
        .onSuccess(named -> LoopTimer.every(vertx, LOOK_MS, looks::look))
        .compose(
            connected ->
                near.isEnabled()
                    ? invalidations.connect().otherwiseEmpty()
                    : Future.succeededFuture());
  }

  /** Relays one batch of changes; completes with whether the next should follow at once. */
  Future<Boolean> round() {
    return relays ? relay.round() : Future.succeededFuture(false);
  }

  /** Proves that the near cache misses no invalidation, which lets it answer for half a second. */
  Future<Void> ping() {
    return invalidations.ping();
  }

  /** The age of the oldest change that is not relayed, in seconds. */
  Future<Double> lag() {
    return outbox.lag();
  }

  /** Lets another process's relay take over. */
  Future<Void> unlock() {
    return outbox.unlock();
  }

  void close() {
    invalidations.close();
    cache.close();
    outbox.close();
    store.close();
  }
}
