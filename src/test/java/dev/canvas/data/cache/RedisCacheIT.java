package dev.canvas.data.cache;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.TestSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.FakeStore;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The states of a key and their transitions in a real Redis. */
class RedisCacheIT {

  private static final ProductId ID = new ProductId(42);
  private static final Row VALUE = row(ID, 7);
  private static final Row ABSENT = new Row(ID, 8, Optional.empty());

  private final long generation = ThreadLocalRandom.current().nextLong(1L << 50);
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Redis redis = Redis.createClient(vertx, TestServers.shared().redisUri());
  private final FakeStore store = new FakeStore();
  private final RedisCache cache =
      new RedisCache(
          context,
          TestSettings.cache(TestServers.shared().redisUri()),
          new OutageLog("Redis"),
          store,
          Script::source,
          new TrustedRedis());

  @BeforeEach
  void connect() throws Exception {
    store.generation = generation;
    onLoop(cache::connect);
  }

  @AfterEach
  void close() throws Exception {
    onLoop(
        () -> {
          cache.close();
          return Future.succeededFuture();
        });
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aMissingKeyIsLeasedToTheFirstReader() throws Exception {
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
    assertEquals(new Entry.Lease("mine"), onLoop(() -> cache.lease(ID, "mine")));
    assertEquals(new Entry.Lease("mine"), onLoop(() -> cache.lease(ID, "yours")));
    assertEquals(new Entry.Lease("mine"), onLoop(() -> cache.read(ID)));
    assertTrue(lifeMs() > 0 && lifeMs() <= 2_000, "the lease of a dead reader expires");
  }

  @Test
  void onlyTheOwnerOfTheLeaseFills() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    assertFalse(onLoop(() -> cache.fill(VALUE, "yours")));
    assertEquals(new Entry.Lease("mine"), onLoop(() -> cache.read(ID)));
    assertTrue(onLoop(() -> cache.fill(VALUE, "mine")));
    assertEquals(new Entry.Known(VALUE), onLoop(() -> cache.read(ID)));
    assertFalse(onLoop(() -> cache.fill(row(ID, 6), "mine")), "a lease can be used once");
    assertTrue(lifeMs() > 590_000 && lifeMs() <= 600_000);
  }

  @Test
  void aLeaseThatIsGoneFillsNothing() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    send(Command.DEL, key());
    assertFalse(onLoop(() -> cache.fill(VALUE, "mine")));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aFenceIsNeitherLeasedNorFilled() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    assertInstanceOf(Entry.Fence.class, onLoop(() -> cache.lease(ID, "yours")));
    assertFalse(onLoop(() -> cache.fill(VALUE, "mine")));
    assertInstanceOf(Entry.Fence.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aWriterInstallsWhatItHasWritten() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    assertTrue(lifeMs() > 4_000 && lifeMs() <= 5_000, "the fence of a dead writer expires");
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertEquals(new Entry.Known(VALUE), onLoop(() -> cache.read(ID)));
    assertTrue(lifeMs() > 590_000 && lifeMs() <= 600_000);
  }

  @Test
  void aFenceReplacesTheValue() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    onLoop(() -> cache.fence(List.of(ID), "other"));
    assertInstanceOf(Entry.Fence.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aFenceReportsWhichProductsAreBeingRead() throws Exception {
    ProductId leased = new ProductId(43);
    ProductId absent = new ProductId(44);
    ProductId unread = new ProductId(45);
    List<ProductId> all = List.of(ID, leased, absent, unread);
    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(VALUE, "reader"));
    onLoop(() -> cache.lease(absent, "reader"));
    onLoop(() -> cache.fill(new Row(absent, 3, Optional.empty()), "reader"));
    onLoop(() -> cache.lease(leased, "reader"));
    assertEquals(Set.of(ID, leased, absent), onLoop(() -> cache.fence(all, "writer")));
    assertEquals(Set.of(), onLoop(() -> cache.fence(all, "other")));
  }

  @Test
  void aProductThatIsNotBeingReadIsNotInstalled() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(
        () ->
            cache.install(
                List.of(new Cache.Installation(ID, Optional.of(VALUE), false)), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void ofTwoConcurrentWritersNeitherInstalls() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "one"));
    onLoop(() -> cache.fence(List.of(ID), "two"));
    onLoop(() -> cache.install(installed(VALUE), "two"));
    assertInstanceOf(
        Entry.Fence.class, onLoop(() -> cache.read(ID)), "the other writer is still active");
    onLoop(() -> cache.install(installed(row(ID, 6)), "one"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aFenceThatWasSharedInstallsNothing() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "one"));
    onLoop(() -> cache.fence(List.of(ID), "two"));
    onLoop(() -> cache.install(List.of(nothing()), "one"));
    onLoop(() -> cache.install(installed(VALUE), "two"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aRenewedFenceIsNotShared() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertEquals(new Entry.Known(VALUE), onLoop(() -> cache.read(ID)));
  }

  @Test
  void anExpiredTokenLeavesTheFenceShared() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "dead"));
    String fence = send(Command.GET, key()).toString();
    send(Command.SET, key(), fence.replaceFirst(",\\d+;", ",1;"));
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    assertFalse(send(Command.GET, key()).toString().contains("dead"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aWriterThatWroteNothingRemovesItsFence() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(() -> cache.install(List.of(nothing()), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aWriterWhoseFenceWasLostInstallsNothing() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "writer"));
    send(Command.DEL, key());
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aWriterWhoseFenceWasLostRemovesOlderStates() throws Exception {
    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)), "a lease");

    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(row(ID, 6), "reader"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)), "an older value");

    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(row(ID, 9), "reader"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    assertEquals(new Entry.Known(row(ID, 9)), onLoop(() -> cache.read(ID)), "a newer value");
  }

  @Test
  void aWriterWhoseFenceWasLostPreventsAnotherFromInstalling() throws Exception {
    onLoop(() -> cache.fence(List.of(ID), "other"));
    onLoop(() -> cache.install(installed(VALUE), "writer"));
    onLoop(() -> cache.install(installed(row(ID, 6)), "other"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));
  }

  @Test
  void aRepairRemovesWhatMayBeOlder() throws Exception {
    List<CommittedVersion> change = List.of(new CommittedVersion(ID, 7));
    onLoop(() -> cache.repair(change));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)));

    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.repair(change));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)), "a lease");

    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(row(ID, 6), "reader"));
    onLoop(() -> cache.repair(change));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)), "an older value");

    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(VALUE, "reader"));
    onLoop(() -> cache.repair(change));
    assertEquals(new Entry.Known(VALUE), onLoop(() -> cache.read(ID)), "that version");

    onLoop(() -> cache.fence(List.of(ID), "writer"));
    onLoop(() -> cache.repair(change));
    onLoop(() -> cache.install(installed(row(ID, 6)), "writer"));
    assertInstanceOf(Entry.Missing.class, onLoop(() -> cache.read(ID)), "under a fence");
  }

  @Test
  void unrelayedChangesAreRepairedBeforeAConnectionIsUsed() throws Exception {
    onLoop(() -> cache.lease(ID, "reader"));
    onLoop(() -> cache.fill(row(ID, 6), "reader"));
    store.pending.add(new CommittedVersion(ID, 7));
    RedisCache next =
        new RedisCache(
            context,
            TestSettings.cache(TestServers.shared().redisUri()),
            new OutageLog("Redis"),
            store,
            Script::source,
            new TrustedRedis());
    onLoop(next::connect);
    assertInstanceOf(Entry.Missing.class, onLoop(() -> next.read(ID)));
    next.close();
  }

  @Test
  void aLostMarkerIsSetAgainWithoutAnotherConnection() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    onLoop(() -> cache.fill(VALUE, "mine"));
    String marker = send(Command.KEYS, "canvas:*:catalogue:" + store.name).get(0).toString();
    for (Supplier<Future<?>> command :
        List.<Supplier<Future<?>>>of(
            () -> cache.read(ID), () -> cache.repair(List.of(new CommittedVersion(ID, 7))))) {
      send(Command.DEL, marker);
      assertTrue(
          onLoop(
              () ->
                  command
                      .get()
                      .map(done -> false)
                      .otherwise(
                          failure ->
                              failure instanceof HeldConnection.UnavailableException
                                  && cache.isUp())),
          "it fails, and the connection stays");
      await().until(() -> send(Command.GET, marker) != null);
      assertEquals(new Entry.Known(VALUE), onLoop(() -> cache.read(ID)));
    }
  }

  @Test
  void theMarkerExpiresUnlessItIsRenewed() throws Exception {
    String marker = send(Command.KEYS, "canvas:*:catalogue:" + store.name).get(0).toString();
    assertTrue(lifeMs(marker) > Duration.ofDays(6).toMillis());
    assertTrue(lifeMs(marker) <= Duration.ofDays(7).toMillis());
    send(Command.PEXPIRE, marker, "60000");
    onLoop(cache::renewMarker);
    assertTrue(lifeMs(marker) > Duration.ofDays(6).toMillis());
  }

  @Test
  void anAbsenceExpiresSooner() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    assertTrue(onLoop(() -> cache.fill(ABSENT, "mine")));
    assertEquals(new Entry.Known(ABSENT), onLoop(() -> cache.read(ID)));
    assertTrue(lifeMs() > 5_000 && lifeMs() <= 10_000);
  }

  @Test
  void eachOfManyKeysInOneTickGetsItsOwnAnswer() throws Exception {
    List<ProductId> ids = LongStream.range(0, 1_300).mapToObj(ProductId::new).toList();
    onLoop(() -> Future.all(ids.stream().map(id -> cache.lease(id, "t" + id)).toList()));
    onLoop(
        () ->
            Future.all(ids.stream().map(id -> cache.fill(row(id, id.value()), "t" + id)).toList()));
    List<Entry> entries =
        onLoop(
            () -> Future.all(ids.stream().map(cache::read).toList()).map(all -> all.<Entry>list()));
    assertEquals(
        ids.stream().map(id -> (Entry) new Entry.Known(row(id, id.value()))).toList(), entries);
  }

  @Test
  void aKeyContainsTheRunIdAndTheGeneration() throws Exception {
    onLoop(() -> cache.lease(ID, "mine"));
    String info = send(Command.INFO, "server").toString();
    String run = info.replaceFirst("(?s).*run_id:(\\w+).*", "$1");
    assertEquals("canvas:" + run + ":" + generation + ":m:42", key());
  }

  private static List<Cache.Installation> installed(Row row) {
    return List.of(new Cache.Installation(row.productId(), Optional.of(row), true));
  }

  private static Cache.Installation nothing() {
    return Cache.Installation.nothing(ID);
  }

  private static Row row(ProductId productId, long version) {
    return new Row(
        productId,
        version,
        Optional.of(ProductMedia.splice(productId, version, Buffer.buffer("[\"ä\"]"))));
  }

  private String key() throws Exception {
    return send(Command.KEYS, "canvas:*:" + generation + ":m:42").get(0).toString();
  }

  private long lifeMs() throws Exception {
    return lifeMs(key());
  }

  private long lifeMs(String key) throws Exception {
    return send(Command.PTTL, key).toLong();
  }

  private Response send(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    for (String argument : arguments) {
      request.arg(argument);
    }
    return redis.send(request).await(10, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Supplier<Future<T>> call) throws Exception {
    Promise<T> answer = Promise.promise();
    context.runOnContext(tick -> call.get().onComplete(answer));
    return answer.future().await(10, TimeUnit.SECONDS);
  }
}
