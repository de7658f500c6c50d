package dev.canvas.data;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.admission.FakeClock;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.cache.FakeCache;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.read.HitVerifier;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.store.FakeStore;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The read protocol, one interleaving at a time. */
class CachedStoreTest {

  private static final ProductId ID = new ProductId(42);

  private final Vertx vertx = Vertx.vertx();
  private final FakeClock clock = new FakeClock();
  private final FakeCache cache = new FakeCache();
  private final FakeStore store = new FakeStore();
  private final ProcessState process =
      new ProcessState(new CacheSettings.Near(false, 1, Duration.ofSeconds(1)));
  private final CachedStore media = eventLoop(cache);

  /** An event loop of the process, with a connection of its own to the cache. */
  private CachedStore eventLoop(FakeCache connection) {
    return new CachedStore(
        vertx,
        process,
        connection,
        store,
        null,
        clock.admission(new SimpleMeterRegistry()),
        new ReadMetrics(new SimpleMeterRegistry()),
        new HitVerifier(
            vertx,
            new NearCache(new CacheSettings.Near(false, 1, Duration.ofSeconds(1))),
            connection,
            null,
            new SimpleMeterRegistry(),
            0));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aMissIsReadFromTheStoreAndFillsTheCache() throws Exception {
    store.put(ID, 1);
    assertEquals(AnswerSource.POSTGRES, result(media.get(ID)).source());
    assertEquals(AnswerSource.REDIS, result(media.get(ID)).source());
    assertEquals(1, store.selects.get());
  }

  @Test
  void anAbsentProductIsCachedToo() throws Exception {
    assertTrue(result(media.get(ID)).media().isEmpty());
    Lookup second = result(media.get(ID));
    assertTrue(second.media().isEmpty());
    assertEquals(AnswerSource.REDIS, second.source());
    assertEquals(1, store.selects.get());
  }

  @Test
  void concurrentMissesShareOneSelect() throws Exception {
    store.put(ID, 1);
    cache.hold();
    List<Future<Lookup>> reads = List.of(media.get(ID), media.get(ID), media.get(ID));
    cache.release();
    for (Future<Lookup> read : reads) {
      assertEquals(1, version(read));
    }
    assertEquals(1, store.selects.get());
  }

  @Test
  void aReadThatSeesTheLeaseOfARunningSelectJoinsIt() throws Exception {
    store.put(ID, 1);
    store.hold();
    Future<Lookup> first = media.get(ID);
    Future<Lookup> second = media.get(ID);
    store.release();
    assertEquals(1, version(first));
    assertEquals(1, version(second));
    assertEquals(1, store.selects.get());
  }

  /** The fence of a write was lost, so the key holds what another write had before it. */
  @Test
  void aReaderNeverGoesBackWhileAFillIsOnItsWay() throws Exception {
    store.put(ID, 2);
    store.hold();
    Future<Lookup> first = media.get(ID);
    cache.hold();
    store.release();
    assertEquals(2, version(first));
    FakeCache other = new FakeCache();
    store.put(ID, 1);
    other.entries.put(ID, new Entry.Known(store.rows.get(ID)));
    store.put(ID, 2);
    assertEquals(2, version(eventLoop(other).get(ID)), "another event loop found an older value");
  }

  @Test
  void aMissBeyondTheFlightLimitIsServedAndFillsNothing() throws Exception {
    store.hold();
    for (int i = 0; i < 128; i++) {
      media.get(new ProductId(1_000 + i));
    }
    store.put(ID, 1);
    Future<Lookup> beyond = media.get(ID);
    store.release();
    assertEquals(1, version(beyond));
    assertEquals(128, cache.entries.size());
    assertFalse(cache.entries.containsKey(ID));
    assertEquals(AnswerSource.POSTGRES, result(media.get(ID)).source());
    assertTrue(cache.entries.containsKey(ID), "after the flights have ended");
  }

  @Test
  void aRedisThatCameBackEmptyIsFilledByFewFlightsAtFirstAndAllReadsAreServed() throws Exception {
    result(media.get(ID));
    cache.entries.clear();
    cache.keyPrefix = "canvas:another:1";
    store.hold();
    List<Future<Lookup>> reads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      reads.add(media.get(new ProductId(1_000 + i)));
    }
    store.release();
    for (Future<Lookup> read : reads) {
      assertTrue(result(read).media().isEmpty());
    }
    // Four, plus one for each tenth of a second that the test has taken.
    assertTrue(cache.entries.size() >= 4 && cache.entries.size() < 50, "" + cache.entries.size());
  }

  @Test
  void aReadThatBeginsAfterAWriteDoesNotJoinASelectFromBeforeIt() throws Exception {
    store.put(ID, 1);
    store.hold();
    Future<Lookup> before = media.get(ID);
    // A write: its fence ends the lease, it commits, its install removes the fence.
    store.put(ID, 2);
    cache.entries.remove(ID);
    Future<Lookup> after = media.get(ID);
    store.release();
    assertEquals(1, version(before));
    assertEquals(2, version(after));
    assertEquals(2, version(media.get(ID)), "the cache was filled by the older select");
  }

  @Test
  void aReadThatSeesAnotherLeaseThanTheRunningSelectHoldsDoesNotJoinIt() throws Exception {
    store.put(ID, 1);
    store.hold();
    Future<Lookup> before = media.get(ID);
    // A write has ended that lease, and a reader of another node has taken the next.
    store.put(ID, 2);
    cache.entries.put(ID, new Entry.Lease("other-node:1"));
    Future<Lookup> after = media.get(ID);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> store.selects.get() == 2 || after.isComplete());
    store.release();
    assertEquals(1, version(before));
    assertEquals(2, version(after));
  }

  @Test
  void theResultOfAnOlderSelectIsNotFilledAfterAWrite() throws Exception {
    store.put(ID, 1);
    store.hold();
    Future<Lookup> before = media.get(ID);
    store.put(ID, 2);
    cache.entries.put(ID, Entry.Fence.INSTANCE);
    store.release();
    assertEquals(1, version(before));
    assertEquals(Entry.Fence.INSTANCE, cache.entries.get(ID));
    assertEquals(1, cache.refusedFills);
  }

  @Test
  void aReadThatSeesAFenceReadsTheStoreAndFillsNothing() throws Exception {
    store.put(ID, 2);
    cache.entries.put(ID, Entry.Fence.INSTANCE);
    Lookup read = result(media.get(ID));
    assertEquals(2, read.required().version());
    assertEquals(AnswerSource.POSTGRES, read.source());
    assertEquals(Entry.Fence.INSTANCE, cache.entries.get(ID));
  }

  @Test
  void aReadThatSeesALeaseOfAnotherNodeWaitsForItsValue() throws Exception {
    store.put(ID, 1);
    Entry otherLease = new Entry.Lease("other-node:1");
    cache.entries.put(ID, otherLease);
    Future<Lookup> read = media.get(ID);
    assertFalse(read.isComplete());
    cache.entries.put(ID, new Entry.Known(store.rows.get(ID)));
    assertEquals(AnswerSource.REDIS, result(read).source());
    assertEquals(0, store.selects.get());
  }

  @Test
  void aLeaseOfAnotherNodeThatStaysIsBypassedAndLeftInPlace() throws Exception {
    store.put(ID, 1);
    Entry otherLease = new Entry.Lease("other-node:1");
    cache.entries.put(ID, otherLease);
    assertEquals(1, version(media.get(ID)));
    assertEquals(otherLease, cache.entries.get(ID));
    assertEquals(1, store.selects.get());
  }

  @Test
  void withoutTheCacheTheStoreAnswersAndTheSourceIsBypass() throws Exception {
    store.put(ID, 1);
    cache.up = false;
    assertEquals(AnswerSource.POSTGRES_BYPASS, result(media.get(ID)).source());
  }

  @Test
  void aCacheThatFailsDuringAReadDoesNotFailTheRead() throws Exception {
    store.put(ID, 1);
    cache.failing = true;
    assertEquals(AnswerSource.POSTGRES_BYPASS, result(media.get(ID)).source());
  }

  @Test
  void withoutTheStoreCachedProductsAreServedAndOthersAreUnavailable() throws Exception {
    store.put(ID, 1);
    result(media.get(ID));
    store.failing = true;
    assertEquals(AnswerSource.REDIS, result(media.get(ID)).source());
    Future<Lookup> other = media.get(new ProductId(43));
    ProblemException problem = assertInstanceOf(ProblemException.class, other.cause());
    assertEquals(Problem.UNAVAILABLE, problem.problem());
  }

  @Test
  void withoutTheStoreNoLeaseIsTaken() {
    store.failing = true;
    assertTrue(media.get(ID).failed());
    assertTrue(cache.entries.isEmpty());
  }

  @Test
  void readsOfTheStoreBeyondTheLimitFailAtOnceAndThoseOfTheCacheDoNot() throws Exception {
    ProductId cached = new ProductId(43);
    store.put(cached, 1);
    result(media.get(cached));
    store.hold();
    List<Future<Lookup>> waiting = new ArrayList<>();
    Future<Lookup> last = media.get(new ProductId(1_000));
    for (int i = 1; !last.failed(); i++) {
      waiting.add(last);
      last = media.get(new ProductId(1_000 + i));
    }
    store.put(ID, 1);
    ProblemException problem =
        assertInstanceOf(ProblemException.class, media.get(ID).cause(), "at once");
    assertEquals(Problem.UNAVAILABLE, problem.problem());
    assertEquals(AnswerSource.REDIS, result(media.get(cached)).source());
    store.release();
    for (Future<Lookup> read : waiting) {
      assertTrue(result(read).media().isEmpty());
    }
    assertEquals(1, version(media.get(ID)));
  }

  @Test
  void readsOfAProductThatWaitsForItsPlaceJoinItAndNeedNone() throws Exception {
    store.hold();
    for (int i = 0; i < 500; i++) {
      media.get(new ProductId(1_000 + i));
    }
    int begun = store.selects.get();
    assertTrue(begun < 500, "the others wait");
    store.put(ID, 1);
    List<Future<Lookup>> reads = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      reads.add(media.get(ID));
    }
    store.release();
    for (Future<Lookup> read : reads) {
      assertEquals(1, version(read));
    }
    assertEquals(501, store.selects.get());
  }

  @Test
  void theReadsOfABatchNeedOnePlaceTogether() throws Exception {
    store.hold();
    List<Future<Lookup>> single = new ArrayList<>();
    do {
      single.add(media.get(new ProductId(1_000 + single.size())));
    } while (!single.get(single.size() - 1).failed());
    Future<List<Lookup>> batch = media.batch(List.of(ID, new ProductId(43), new ProductId(1_700)));
    store.release();
    assertEquals(3, batch.await(10, TimeUnit.SECONDS).size());
  }

  @Test
  void afterAReadThatCouldNotBeFilledNothingOlderIsRead() throws Exception {
    store.put(ID, 2);
    store.hold();
    Future<Lookup> read = media.get(ID);
    cache.failing = true;
    store.release();
    assertEquals(2, version(read));
    cache.failing = false;
    store.put(ID, 1);
    cache.entries.put(ID, new Entry.Known(store.rows.get(ID)));
    store.put(ID, 2);
    assertEquals(2, version(media.get(ID)));
  }

  @Test
  void aFailedSelectDoesNotAffectTheNextRead() throws Exception {
    store.put(ID, 1);
    store.failing = true;
    assertTrue(media.get(ID).failed());
    store.failing = false;
    assertEquals(1, version(media.get(ID)));
  }

  @Test
  void aBatchAnswersInTheOrderOfItsIds() throws Exception {
    store.put(new ProductId(1), 1);
    store.put(new ProductId(3), 3);
    List<ProductId> ids = List.of(new ProductId(3), new ProductId(2), new ProductId(1));
    List<Lookup> lookups = media.batch(ids).await(10, TimeUnit.SECONDS);
    assertEquals(ids, lookups.stream().map(Lookup::productId).toList());
    assertEquals(
        List.of(true, false, true),
        lookups.stream().map(lookup -> lookup.media().isPresent()).toList());
  }

  private static long version(Future<Lookup> read) throws Exception {
    ProductMedia media = result(read).required();
    return media.version();
  }

  private static Lookup result(Future<Lookup> read) throws Exception {
    return read.await(10, TimeUnit.SECONDS);
  }
}
