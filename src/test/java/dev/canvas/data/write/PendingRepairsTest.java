package dev.canvas.data.write;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.cache.FakeCache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.FakeStore;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingRepairsTest {

  private static final int MANY = 20_000;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final MinimumVersions minimumVersions = new MinimumVersions();
  private final Relayed store = new Relayed();
  private final FakeStore trust = new FakeStore();
  private final FakeCache cache = new FakeCache();
  private final PendingRepairs repairs = pendingRepairs();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void writesAreAnsweredWhenTheRelayHasPassedThem() throws Exception {
    store.passed = true;
    write(repairs, 1, 3);
    assertFalse(rejectsOlder(1));
    assertEquals(3, store.largestMark);
  }

  @Test
  void aLongOutageNeitherFillsTheMemoryNorTheStore() throws Exception {
    write(repairs, 1, MANY);
    assertTrue(onLoop(repairs::isFull));
    assertTrue(store.largestMark <= 500, "the largest mark was " + store.largestMark);
    long beganNanos = System.nanoTime();
    int before = store.questions;
    await().atMost(Duration.ofSeconds(30)).until(() -> store.questions >= before + 4);
    long tookMs = (System.nanoTime() - beganNanos) / 1_000_000;
    assertTrue(tookMs > 4 * 20, "four questions in " + tookMs + " ms");
    for (long id = 1; id <= MANY; id += 97) {
      assertTrue(rejectsOlder(id), "product " + id + " was written and is not repaired");
    }
    store.passed = true;
    await().until(() -> !onLoop(repairs::isFull) && !rejectsOlder(1) && !rejectsOlder(MANY));
    for (long id = 1; id <= MANY; id += 97) {
      assertFalse(rejectsOlder(id), "product " + id + " is repaired");
    }
  }

  @Test
  void aLoopThatClosesLeavesItsRestToAnother() throws Exception {
    write(repairs, 1, MANY);
    onLoop(
        () -> {
          repairs.close();
          return null;
        });
    assertTrue(rejectsOlder(MANY));
    store.passed = true;
    write(pendingRepairs(), MANY + 1, MANY + 1);
    await().until(() -> !rejectsOlder(MANY));
  }

  private PendingRepairs pendingRepairs() {
    cache.up = false;
    return new PendingRepairs(vertx, store, trust.cacheTrust(), cache, minimumVersions);
  }

  /** Whether a cached value is rejected that is older than the write of this product. */
  private boolean rejectsOlder(long id) {
    return minimumVersions.rejects(new Row(new ProductId(id), id - 1, Optional.empty()));
  }

  /** Writes products, each with its id as its version, and waits for the answers. */
  private void write(PendingRepairs repairs, long first, long last) throws Exception {
    onLoop(
            () ->
                Future.all(
                    LongStream.rangeClosed(first, last)
                        .mapToObj(id -> repairs.await(new ProductId(id), id))
                        .toList()))
        .await(30, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Supplier<T> call) throws Exception {
    Promise<T> result = Promise.promise();
    loop.runOnContext(now -> result.complete(call.get()));
    return result.future().await(30, TimeUnit.SECONDS);
  }

  /** A store whose relay works or does not. */
  private static final class Relayed implements BulkStore {

    private volatile boolean passed;
    private volatile int questions;
    private volatile int largestMark;

    @Override
    public Future<RelayMark> mark(Collection<CommittedVersion> changes) {
      largestMark = Math.max(largestMark, changes.size());
      return Future.succeededFuture(this::isPassed);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private Future<Boolean> isPassed() {
      questions++;
      return Future.succeededFuture(passed);
    }

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public Future<List<Row>> select(List<ProductId> productIds) {
      return Future.succeededFuture(new ArrayList<>());
    }

    @Override
    public Future<Writer.CommitResult> commit(List<Writer.RowWrite> rows) {
      return Future.failedFuture("not used here");
    }

    @Override
    public void close() {}
  }
}
