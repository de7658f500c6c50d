package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.FakeCache;
import dev.canvas.data.cache.RepairPermit;
import dev.canvas.data.cache.RepairPermits;
import dev.canvas.data.store.Commits;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayTest {

  private final Listed outbox = new Listed();
  private final FakeCache cache = new FakeCache();
  private final ConfirmedInstalls installed = new ConfirmedInstalls();
  private final List<Long> announced = new ArrayList<>();
  private Future<Void> announcement = Future.succeededFuture();
  private final Permits permits = new Permits();
  private final Relay relay = new Relay(outbox, cache, permits, installed, this::announce);

  @Test
  void aConfirmedInstallIsAnnouncedAndNotRepaired() {
    installed.record(List.of(row(1, 10)), cache.keyPrefix());
    outbox.rows = List.of(change(1, 10), change(2, 11));
    round();
    assertEquals(List.of(new CommittedVersion(new ProductId(2), 11)), cache.repaired);
    assertEquals(List.of(10L, 11L), announced);
    assertEquals(List.of(), outbox.rows);
  }

  @Test
  void aChangeAfterAConfirmedInstallIsRepaired() {
    installed.record(List.of(row(1, 10)), cache.keyPrefix());
    outbox.rows = List.of(change(1, 10), change(1, 11));
    round();
    assertEquals(List.of(new CommittedVersion(new ProductId(1), 11)), cache.repaired);
  }

  @Test
  void anInstallUnderAnotherKeyPrefixIsRepaired() {
    installed.record(List.of(row(1, 10)), "canvas:other:1");
    installed.record(List.of(row(2, 11)), null);
    outbox.rows = List.of(change(1, 10), change(2, 11));
    round();
    assertEquals(2, cache.repaired.size());
  }

  @Test
  void aConfirmedInstallIsUsedOnce() {
    installed.record(List.of(row(1, 10)), cache.keyPrefix());
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(List.of(), cache.repaired);
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(1, cache.repaired.size());
  }

  @Test
  void whatNoCacheCanShowIsAnnouncedAndNotRepaired() {
    permits.kind = RepairPermit.Kind.PUBLISH;
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(List.of(), cache.repaired);
    assertEquals(List.of(10L), announced);
    assertEquals(List.of(), outbox.rows);
  }

  @Test
  void nothingIsRelayedWhileAnotherRedisMayStillBeTrusted() {
    permits.kind = RepairPermit.Kind.WAIT;
    outbox.rows = List.of(change(1, 10));
    round();
    assertEquals(List.of(), announced);
    assertEquals(1, outbox.rows.size());
  }

  @Test
  void otherRelaysHaveTimeToReachRedisFirst() {
    cache.up = false;
    permits.kind = RepairPermit.Kind.PUBLISH;
    outbox.rows = List.of(change(1, 10));
    for (int round = 0; round < 5; round++) {
      round();
    }
    assertEquals(List.of(), announced);
    round();
    assertEquals(List.of(10L), announced);
  }

  @Test
  void whatCouldNotBeAnnouncedIsAnnouncedAgain() {
    announcement = Future.failedFuture("Redis is away");
    outbox.rows = List.of(change(1, 10));
    assertTrue(relay.round().failed());
    announcement = Future.succeededFuture();
    round();
    assertEquals(List.of(10L, 10L), announced);
    assertEquals(List.of(), outbox.rows);
  }

  @Test
  void aRedisThatAnswersARepairWithAnErrorIsNotTrustedAnyMore() {
    cache.refusing = true;
    outbox.rows = List.of(change(1, 10));
    assertTrue(relay.round().failed());
    assertEquals(1, permits.refusals);
    assertEquals(1, outbox.rows.size());
  }

  private Future<Void> announce(Collection<Outbox.Message> changes) {
    changes.forEach(change -> announced.add(change.version()));
    return announcement;
  }

  private void round() {
    Future<Boolean> round = relay.round();
    assertEquals(Optional.empty(), Optional.ofNullable(round.cause()));
  }

  private static Row row(long productId, long version) {
    return new Row(new ProductId(productId), version, Optional.empty());
  }

  private static Outbox.Message change(long productId, long version) {
    return new Outbox.Message(version, new ProductId(productId), version, false);
  }

  /** Permits whatever the test says. */
  private static final class Permits implements RepairPermits {

    private RepairPermit.Kind kind = RepairPermit.Kind.REPAIR;
    private int refusals;

    @Override
    public boolean isGivenWithoutRedis() {
      return true;
    }

    @Override
    public Future<RepairPermit> ask(boolean changesWait) {
      return Future.succeededFuture(new RepairPermit(kind, new Generation("store", 1)));
    }

    @Override
    public Future<Void> onRefusal(Throwable refusal) {
      refusals++;
      return Future.succeededFuture();
    }
  }

  /** An outbox in memory. */
  private static final class Listed implements Outbox {

    private List<Outbox.Message> rows = List.of();

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
    public Future<List<Outbox.Message>> first(int limit) {
      return Future.succeededFuture(rows);
    }

    @Override
    public Future<Void> delete(List<Outbox.Message> deleted, Generation generation) {
      rows = rows.stream().filter(row -> !deleted.contains(row)).toList();
      return Future.succeededFuture();
    }

    @Override
    public Future<Double> lag() {
      return Future.succeededFuture(0.0);
    }

    @Override
    public Commits commits() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
