package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Relays committed changes from the outbox: repairs the cache, then notifies listeners. It covers
 * every change, no matter who made it or what crashed afterwards. Of all relays of a store one
 * works at a time, and only while it reaches the cache. Listeners are notified of the latest change
 * of a product at least once. Belongs to one event loop.
 */
public final class Relay {

  private static final int MAX_CHANGES = 1_000;

  private final Outbox outbox;
  private final Cache cache;
  private final ConfirmedInstalls confirmedInstalls;
  private final Consumer<Outbox.Message> listener;

  /**
   * @param confirmedInstalls the changes that need no repair
   * @param listener notified of each change after its repair
   */
  public Relay(
      Outbox outbox,
      Cache cache,
      ConfirmedInstalls confirmedInstalls,
      Consumer<Outbox.Message> listener) {
    this.outbox = outbox;
    this.cache = cache;
    this.confirmedInstalls = confirmedInstalls;
    this.listener = listener;
  }

  /** Relays one batch; completes with whether the next one should follow at once. */
  public Future<Boolean> round() {
    if (!cache.isUp()) {
      return outbox.unlock().map(false);
    }
    return outbox
        .lock()
        .compose(locked -> locked ? outbox.first(MAX_CHANGES) : Future.succeededFuture(List.of()))
        .compose(messages -> relay(messages).map(messages.size() >= MAX_CHANGES));
  }

  private Future<Void> relay(List<Outbox.Message> messages) {
    if (messages.isEmpty()) {
      return Future.succeededFuture();
    }
    Map<ProductId, Outbox.Message> latest = new LinkedHashMap<>();
    for (Outbox.Message message : messages) {
      latest.merge(message.productId(), message, (a, b) -> a.version() < b.version() ? b : a);
    }
    return repair(latest.values())
        .compose(
            repaired -> {
              latest.values().forEach(listener);
              return outbox.delete(messages);
            });
  }

  private Future<Void> repair(Collection<Outbox.Message> messages) {
    String keyPrefix = cache.keyPrefix();
    List<CommittedVersion> changes = new ArrayList<>();
    for (Outbox.Message message : messages) {
      if (!confirmedInstalls.take(message.productId(), message.version(), keyPrefix)) {
        changes.add(new CommittedVersion(message.productId(), message.version()));
      }
    }
    return changes.isEmpty() ? Future.succeededFuture() : cache.repair(changes);
  }
}
