package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.FakeCache;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.OutboxRow;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayTest {

  private final Listed outbox = new Listed();
  private final FakeCache cache = new FakeCache();
  private final ConfirmedInstalls installed = new ConfirmedInstalls();
  private final List<Long> told = new ArrayList<>();
  private final Relay relay = new Relay(outbox, cache, installed, row -> told.add(row.version()));

  @Test
  void whatThisProcessHasInstalledIsToldAndNotRepaired() {
    installed.confirmed(List.of(row(1, 10)), cache.space());
    outbox.rows = List.of(change(1, 10), change(2, 11));
    round();
    assertEquals(List.of(new PendingChange(new ProductId(2), 11)), cache.repaired);
    assertEquals(List.of(10L, 11L), told);
    assertEquals(List.of(), outbox.rows);
  }

  @Test
  void whatWasInstalledBeforeALaterChangeIsRepaired() {
    installed.confirmed(List.of(row(1, 10)), cache.space());
    outbox.rows = List.of(change(1, 10), change(1, 11));
    round();
    assertEquals(List.of(new PendingChange(new ProductId(1), 11)), cache.repaired);
  }

  @Test
  void whatWasInstalledInAnotherRedisIsRepaired() {
    installed.confirmed(List.of(row(1, 10)), "canvas:other:1");
    installed.confirmed(List.of(row(2, 11)), null);
    outbox.rows = List.of(change(1, 10), change(2, 11));
    round();
    assertEquals(2, cache.repaired.size());
  }

  @Test
  void anInstallCountsOnce() {
    installed.confirmed(List.of(row(1, 10)), cache.space());
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(List.of(), cache.repaired);
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(1, cache.repaired.size());
  }

  private void round() {
    Future<Boolean> round = relay.round();
    assertEquals(Optional.empty(), Optional.ofNullable(round.cause()));
  }

  private static Row row(long productId, long version) {
    return new Row(new ProductId(productId), version, Optional.empty());
  }

  private static OutboxRow change(long productId, long version) {
    return new OutboxRow(version, new ProductId(productId), version, false);
  }

  /** Rows of a list. */
  private static final class Listed implements Outbox {

    private List<OutboxRow> rows = List.of();

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> lock() {
      return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> unlock() {
      return Future.succeededFuture();
    }

    @Override
    public Future<List<OutboxRow>> first(int limit) {
      return Future.succeededFuture(rows);
    }

    @Override
    public Future<Void> delete(List<OutboxRow> deleted) {
      rows = rows.stream().filter(row -> !deleted.contains(row)).toList();
      return Future.succeededFuture();
    }

    @Override
    public Future<Double> lag() {
      return Future.succeededFuture(0.0);
    }

    @Override
    public void close() {}
  }
}
