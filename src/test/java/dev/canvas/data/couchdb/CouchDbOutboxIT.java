package dev.canvas.data.couchdb;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TestCouchDb;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two relays that share the changes of one database. */
class CouchDbOutboxIT {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final CouchDbTestStore database = new CouchDbTestStore(TestCouchDb.shared());
  private CouchDbStore store;
  private CouchDbWriter writer;
  private CouchDbBulkStore bulks;
  private CouchDbOutbox first;
  private CouchDbOutbox second;

  @BeforeEach
  void connect() {
    CouchDbSettings settings = CouchDbSettings.of(database.uri());
    CouchDbDatabase.prepare(settings);
    OutageLog outages = new OutageLog("CouchDB");
    store = new CouchDbStore(loop, outages, settings, DEADLINE);
    writer = new CouchDbWriter(loop, outages, settings, DEADLINE);
    bulks = new CouchDbBulkStore(loop, outages, settings, DEADLINE, store, writer);
    first = new CouchDbOutbox(loop, outages, settings);
    second = new CouchDbOutbox(loop, outages, settings);
    call(
        () ->
            Future.all(
                store.connect(),
                writer.connect(),
                bulks.connect(),
                first.connect(),
                second.connect()));
  }

  @AfterEach
  void close() {
    call(vertx::close);
    database.close();
  }

  @Test
  void theActiveRelayWorksUntilItUnlocks() {
    assertTrue(call(first::lock));
    assertFalse(call(second::lock));
    write(1, "[]");
    write(2, "[]");
    long version = write(1, null);
    List<Outbox.Message> rows = call(() -> first.first(10));
    assertEquals(2, rows.size());
    assertEquals(new ProductId(2), rows.get(0).productId());
    assertEquals(new ProductId(1), rows.get(1).productId());
    assertEquals(version, rows.get(1).version());
    assertTrue(rows.get(1).deleted());
    call(() -> first.delete(rows, null));
    call(first::unlock);
    await().until(() -> call(second::lock));
    assertEquals(List.of(), call(() -> second.first(10)), "a relayed change is not returned again");
    assertFalse(call(first::lock));
  }

  @Test
  void aStandbyTakesOverFromARelayThatLeavesChangesWaiting() {
    assertTrue(call(first::lock));
    assertFalse(call(second::lock));
    write(3, "[]");
    assertEquals(1, call(() -> first.first(10)).size());
    await().until(() -> call(second::lock));
    assertEquals(1, call(() -> second.first(10)).size());
    assertThrows(RuntimeException.class, () -> call(() -> first.delete(List.of(), null)));
    assertFalse(call(first::lock));
  }

  @Test
  void anIdleRelayStaysActive() {
    assertTrue(call(first::lock));
    await()
        .during(Duration.ofMillis(2_500))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !call(second::lock));
  }

  @Test
  void aChangeIsPendingUnrepairedAndLaggingUntilItIsRelayed() {
    assertTrue(call(first::lock));
    CommittedVersion change = new CommittedVersion(new ProductId(4), write(4, "[]"));
    assertEquals(List.of(change), call(store::unrelayed));
    RelayMark single = call(() -> bulks.mark(List.of(change)));
    RelayMark all = call(() -> bulks.mark(List.of()));
    assertFalse(call(single::isPassed));
    assertFalse(call(all::isPassed));
    call(first::lag);
    await().until(() -> call(first::lag) > 0);
    List<Outbox.Message> rows = call(() -> first.first(10));
    call(() -> first.delete(rows, null));
    assertEquals(List.of(), call(store::unrelayed));
    assertTrue(call(single::isPassed));
    assertTrue(call(all::isPassed));
    assertEquals(0, call(first::lag));
  }

  @Test
  void itemIdBlocksNeverOverlap() {
    List<Long> taken =
        call(
            () -> {
              List<Future<List<Long>>> blocks = new ArrayList<>();
              for (int i = 0; i < 10; i++) {
                blocks.add(writer.itemIdBlocks(1 + i % 3));
              }
              return Future.all(blocks)
                  .map(all -> blocks.stream().flatMap(each -> each.result().stream()).toList());
            });
    assertEquals(19, taken.size());
    assertEquals(19, new HashSet<>(taken).size());
    assertTrue(taken.stream().allMatch(start -> start >= 1_000 && start % 1_000 == 0));
  }

  private long write(long id, String items) {
    ProductId productId = new ProductId(id);
    return call(
        () ->
            store
                .select(productId)
                .compose(
                    row ->
                        writer.commit(
                            List.of(
                                new RowWrite(
                                    productId,
                                    row.version(),
                                    row.revision(),
                                    Optional.ofNullable(items).map(Buffer::buffer)))))
                .map(commit -> commit.versions().get(productId)));
  }

  private <T> T call(Supplier<Future<T>> call) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(now -> call.get().onComplete(done));
    try {
      return done.future().await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }
}
