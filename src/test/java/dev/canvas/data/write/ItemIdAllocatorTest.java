package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Event loops that allocate item ids from one store. */
class ItemIdAllocatorTest {

  private static final Future<Void> READ = Future.succeededFuture();

  private final Vertx vertx = Vertx.vertx();
  private final Sequence store = new Sequence();
  private final ItemIdAllocator one = new ItemIdAllocator(vertx, store);
  private final ItemIdAllocator other = new ItemIdAllocator(vertx, store);

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void idsAreAllocatedConsecutivelyFromFewBlocks() throws Exception {
    List<Long> first = take(one, 600, READ);
    List<Long> second = take(one, 600, READ);
    assertEquals(LongStream.range(1_000, 1_600).boxed().toList(), first);
    assertEquals(LongStream.range(1_600, 2_200).boxed().toList(), second);
    assertEquals(3_000, take(other, 1, READ).get(0));
  }

  @Test
  void noIdOfABlockBelowAnImportedIdIsAllocatedOnceTheImportMayCommit() throws Exception {
    assertEquals(1_000, take(one, 1, READ).get(0));
    long imported = 1_500;
    other.reserveThrough(imported).await(10, TimeUnit.SECONDS);
    assertTrue(take(one, 1_000, READ).stream().allMatch(id -> id > imported));
  }

  @Test
  void aSlowReadGetsIdsOfALaterBlock() throws Exception {
    Promise<Void> read = Promise.promise();
    Future<LongSupplier> slow = one.allocate(1, read.future());
    // An import reserves ids of this block and commits before the product is read here.
    other.reserveThrough(1_000).await(10, TimeUnit.SECONDS);
    assertFalse(slow.isComplete());
    read.complete();
    assertTrue(slow.await(10, TimeUnit.SECONDS).getAsLong() > 1_000);
  }

  @Test
  void anImportDoesNotWaitForIdsThatAreReservedAlready() throws Exception {
    other.reserveThrough(5_000_000).await(10, TimeUnit.SECONDS);
    assertTrue(other.reserveThrough(5_000_001).isComplete());
    assertTrue(other.reserveThrough(999).isComplete());
    assertFalse(other.reserveThrough(ItemIdRules.beyond(5_000_000)).isComplete());
  }

  @Test
  void aStoreThatIsTooSlowIsNotRetriedForEver() throws Exception {
    store.late = true;
    Throwable failure =
        one.allocate(1, READ)
            .<Throwable>map(given -> null)
            .otherwise(late -> late)
            .await(20, TimeUnit.SECONDS);
    assertTrue(failure.getMessage().contains("too slow"), failure.getMessage());
  }

  private static List<Long> take(ItemIdAllocator ids, int count, Future<?> read) throws Exception {
    LongSupplier supplier = ids.allocate(count, read).await(10, TimeUnit.SECONDS);
    return LongStream.generate(supplier).limit(count).boxed().toList();
  }

  /** A store that only allocates item ids. */
  private final class Sequence implements Writer {

    private long next = ItemIdRules.FIRST;
    private boolean late;

    @Override
    public Future<List<Long>> itemIdBlocks(int blocks) {
      List<Long> starts = LongStream.range(0, blocks).mapToObj(i -> next + i * BLOCK).toList();
      next += (long) blocks * BLOCK;
      return late
          ? vertx.timer(ItemIdRules.SETTLED.toMillis()).map(starts)
          : Future.succeededFuture(starts);
    }

    @Override
    public Future<Long> reserveItemIdsThrough(long itemId) {
      next = next > itemId ? next : ItemIdRules.beyond(itemId);
      return Future.succeededFuture(next);
    }

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public boolean isUp() {
      return true;
    }

    @Override
    public Future<CommitResult> commit(List<RowWrite> rows) {
      return Future.failedFuture("not used here");
    }

    @Override
    public void close() {}
  }
}
