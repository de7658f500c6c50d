package dev.canvas.data;

import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.cache.ChangeChannel;
import dev.canvas.data.cache.InvalidationListener;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.cache.RedisNaming;
import dev.canvas.data.cache.TrustLooks;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.write.MissedChanges;
import dev.canvas.data.write.Relay;
import dev.canvas.loop.LoopTimer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The relay of a process, the listener that keeps its near cache valid, and what the process hears
 * of the changes that other relays tell: two connections to the store and three to Redis. Its owner
 * decides when they work. Belongs to one event loop.
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
  private final ChangeChannel channel;
  private final MissedChanges missed;
  private final Consumer<Outbox.Message> relayed;

  /**
   * @param relayed receives each change that this relay has relayed
   * @param heard receives each change that this node is told, or may have missed
   * @param relays whether it relays, or only hears what other relays tell
   */
  RelayLoop(
      Context context,
      CacheSettings settings,
      DataParts parts,
      ProcessState process,
      Consumer<Outbox.Message> relayed,
      Consumer<Outbox.Message> heard,
      boolean relays) {
    this.relayed = relayed;
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
    relay = new Relay(outbox, cache, naming, process.confirmedInstalls(), this::tell);
    channel =
        new ChangeChannel(
            context, settings.redis(), process.redisOutages(), cache, store.cacheTrust(), heard);
    missed = new MissedChanges(vertx, outbox.commits(), channel::prove, heard);
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

  /** Connects to the channel on which all relays of the store tell changes. */
  Future<Void> hear() {
    return channel.connect().otherwiseEmpty().compose(connected -> missed.round()).otherwiseEmpty();
  }

  /** Makes up for what may not have been heard. */
  Future<Void> recoverMissed() {
    return missed.round();
  }

  /**
   * Nodes without a connection to Redis, and all of them while there is none, look in the store.
   */
  private Future<Void> tell(Collection<Outbox.Message> changes) {
    changes.forEach(relayed);
    return cache.isUp() ? channel.tell(changes) : Future.succeededFuture();
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
    channel.close();
    invalidations.close();
    cache.close();
    outbox.close();
    store.close();
  }
}
