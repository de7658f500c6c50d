package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.OutboxRow;
import dev.canvas.data.store.PendingChange;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings committed changes from the outbox to the cache and to whoever listens, whoever made them
 * and whatever has crashed since. Of all relays one works, and only while it reaches the cache. The
 * newest change of a product is told at least once. Belongs to one event loop.
 */
public final class Relay {

  private static final int MAX_ROWS = 1_000;

  private final Outbox outbox;
  private final Cache cache;
  private final ConfirmedInstalls installed;
  private final Consumer<OutboxRow> tell;

  /**
   * @param installed what needs no repair
   * @param tell called once a change is committed and repaired
   */
  public Relay(Outbox outbox, Cache cache, ConfirmedInstalls installed, Consumer<OutboxRow> tell) {
    this.outbox = outbox;
    this.cache = cache;
    this.installed = installed;
    this.tell = tell;
  }

  /** Relays what is there; answers whether there may be more at once. */
  public Future<Boolean> round() {
    if (!cache.isUp()) {
      return outbox.unlock().map(false);
    }
    return outbox
        .lock()
        .compose(mine -> mine ? outbox.first(MAX_ROWS) : Future.succeededFuture(List.of()))
        .compose(rows -> relay(rows).map(rows.size() >= MAX_ROWS));
  }

  private Future<Void> relay(List<OutboxRow> rows) {
    if (rows.isEmpty()) {
      return Future.succeededFuture();
    }
    Map<ProductId, OutboxRow> newest = new LinkedHashMap<>();
    for (OutboxRow row : rows) {
      newest.merge(row.productId(), row, (a, b) -> a.version() < b.version() ? b : a);
    }
    return repair(newest.values())
        .compose(
            repaired -> {
              newest.values().forEach(tell);
              return outbox.delete(rows);
            });
  }

  private Future<Void> repair(Collection<OutboxRow> rows) {
    String space = cache.space();
    List<PendingChange> changes = new ArrayList<>();
    for (OutboxRow row : rows) {
      if (!installed.take(row.productId(), row.version(), space)) {
        changes.add(new PendingChange(row.productId(), row.version()));
      }
    }
    return changes.isEmpty() ? Future.succeededFuture() : cache.repair(changes);
  }
}
