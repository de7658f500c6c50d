package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.RepairPermit;
import dev.canvas.data.cache.RepairPermits;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Relays committed changes from the outbox: repairs the cache, then notifies listeners. It covers
 * every change, no matter who made it or what crashed afterwards. Of all relays of a store one
 * works at a time, and only while it reaches the cache. Listeners are notified of the latest change
 * of a product at least once. Belongs to one event loop.
 */
public final class Relay {

  private static final int MAX_CHANGES = 1_000;

  /** Rounds without Redis that it leaves to other relays, which may reach it. */
  private static final int ROUNDS_FOR_OTHERS = 5;

  private final Outbox outbox;
  private final Cache cache;
  private final RepairPermits permits;
  private final ConfirmedInstalls confirmedInstalls;
  private final Function<Collection<Outbox.Message>, Future<Void>> listener;
  private int roundsWithoutCache;

  /**
   * @param permits decides which Redis is trusted
   * @param confirmedInstalls the changes that need no repair
   * @param listener notified of changes after their repair; a failure repeats both
   */
  public Relay(
      Outbox outbox,
      Cache cache,
      RepairPermits permits,
      ConfirmedInstalls confirmedInstalls,
      Function<Collection<Outbox.Message>, Future<Void>> listener) {
    this.outbox = outbox;
    this.cache = cache;
    this.permits = permits;
    this.confirmedInstalls = confirmedInstalls;
    this.listener = listener;
  }

  /** Relays one batch; completes with whether the next one should follow at once. */
  public Future<Boolean> round() {
    if (cache.isUp()) {
      roundsWithoutCache = 0;
    } else if (++roundsWithoutCache <= ROUNDS_FOR_OTHERS || !permits.isGivenWithoutRedis()) {
      return outbox.unlock().map(false);
    }
    return outbox
        .lock()
        .compose(locked -> locked ? work() : Future.succeededFuture(false))
        .eventually(() -> cache.isUp() ? Future.succeededFuture() : outbox.unlock());
  }

  /** The permit is asked for after the changes were read: a Redis that it names was named later. */
  private Future<Boolean> work() {
    return outbox
        .first(MAX_CHANGES)
        .compose(
            messages ->
                permits
                    .ask(!messages.isEmpty())
                    .compose(
                        permit ->
                            relay(messages, permit)
                                .map(relayed -> relayed && messages.size() >= MAX_CHANGES)));
  }

  private Future<Boolean> relay(List<Outbox.Message> messages, RepairPermit permit) {
    if (messages.isEmpty() || permit.kind() == RepairPermit.Kind.WAIT) {
      return Future.succeededFuture(false);
    }
    Map<ProductId, Outbox.Message> latest = new LinkedHashMap<>();
    for (Outbox.Message message : messages) {
      latest.merge(message.productId(), message, (a, b) -> a.version() < b.version() ? b : a);
    }
    Future<Void> repaired =
        permit.kind() == RepairPermit.Kind.REPAIR
            ? repair(latest.values())
            : Future.succeededFuture();
    return repaired
        .compose(done -> listener.apply(latest.values()))
        .compose(told -> outbox.delete(messages, permit.generation()))
        .map(true);
  }

  private Future<Void> repair(Collection<Outbox.Message> messages) {
    String keyPrefix = cache.keyPrefix();
    List<CommittedVersion> changes = new ArrayList<>();
    for (Outbox.Message message : messages) {
      if (!confirmedInstalls.take(message.productId(), message.version(), keyPrefix)) {
        changes.add(new CommittedVersion(message.productId(), message.version()));
      }
    }
    return changes.isEmpty()
        ? Future.succeededFuture()
        : cache.repair(changes).recover(this::onFailedRepair);
  }

  /** Any answer but the one that is expected means that this Redis cannot be repaired. */
  private Future<Void> onFailedRepair(Throwable failure) {
    Future<Void> failed = Future.failedFuture(failure);
    return failure instanceof HeldConnection.UnavailableException
        ? failed
        : permits.onRefusal(failure).transform(done -> failed);
  }
}
