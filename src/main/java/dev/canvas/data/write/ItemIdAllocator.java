package dev.canvas.data.write;

import dev.canvas.data.store.Writer;
import dev.canvas.media.ItemIdRules;
import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Allocates ids for new items, from blocks that the store hands out. A block expires ({@link
 * ItemIdRules}), and the ids of an expired one are never used, so that an import can wait until ids
 * below the ones it brings are no longer given. Belongs to one event loop. See {@code
 * docs/adr/0019-item-id-blocks-expire.md}.
 */
final class ItemIdAllocator {

  /** Attempts to get blocks that have not expired when they arrive. */
  private static final int MAX_ATTEMPTS = 3;

  private final Vertx vertx;
  private final Writer writer;
  private final Deque<Range> available = new ArrayDeque<>();
  private long availableIds;

  /** No block that is still in use anywhere has ids below this one. */
  private long reservedBelow = ItemIdRules.FIRST;

  /** Unused ids that were requested at one time. */
  private static final class Range {
    private long next;
    private final long end;
    private final long requestedNanos;

    Range(long next, long end, long requestedNanos) {
      this.next = next;
      this.end = end;
      this.requestedNanos = requestedNanos;
    }
  }

  ItemIdAllocator(Vertx vertx, Writer writer) {
    this.vertx = vertx;
    this.writer = writer;
  }

  /**
   * Allocates ids, which have to be used at once. The supplier returns this many without waiting.
   *
   * @param read completes when the products that get the ids have been read; its failure fails this
   */
  Future<LongSupplier> allocate(int count, Future<?> read) {
    // Blocks are requested during the read, so that a lone write does not wait for both.
    return ensureAvailable(count, 1).compose(ready -> read).compose(rows -> take(count, 1));
  }

  /**
   * Ensures that ids up to one that an import brings are never allocated, and waits until blocks
   * below it have expired everywhere.
   */
  Future<Void> reserveThrough(long itemId) {
    if (itemId < reservedBelow) {
      return Future.succeededFuture();
    }
    return writer
        .reserveItemIdsThrough(itemId)
        .compose(next -> vertx.timer(ItemIdRules.SETTLED.toMillis()).map(next))
        .map(
            next -> {
              reservedBelow = Math.max(reservedBelow, next);
              return null;
            });
  }

  private Future<LongSupplier> take(int count, int attempts) {
    dropExpired();
    return availableIds >= count
        ? Future.succeededFuture(supplier(count))
        : ensureAvailable(count, attempts).compose(ready -> take(count, attempts + 1));
  }

  private Future<Void> ensureAvailable(int count, int attempts) {
    dropExpired();
    if (availableIds >= count) {
      return Future.succeededFuture();
    }
    if (attempts > MAX_ATTEMPTS) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store is too slow: %d times its item ids expired before they arrived; retry in a"
                  + " second",
              MAX_ATTEMPTS));
    }
    long requested = System.nanoTime();
    int blocks = (int) ((count - availableIds + Writer.BLOCK - 1) / Writer.BLOCK);
    return writer
        .itemIdBlocks(blocks)
        .map(
            firsts -> {
              firsts.forEach(
                  first -> available.add(new Range(first, first + Writer.BLOCK, requested)));
              availableIds += (long) firsts.size() * Writer.BLOCK;
              return null;
            });
  }

  private void dropExpired() {
    long now = System.nanoTime();
    while (!available.isEmpty()
        && now - available.element().requestedNanos > ItemIdRules.LIFETIME.toNanos()) {
      Range expired = available.remove();
      availableIds -= expired.end - expired.next;
    }
  }

  private LongSupplier supplier(int count) {
    availableIds -= count;
    Deque<Range> taken = new ArrayDeque<>();
    for (long missing = count; missing > 0; ) {
      Range first = available.element();
      long ids = Math.min(missing, first.end - first.next);
      taken.add(new Range(first.next, first.next + ids, first.requestedNanos));
      first.next += ids;
      missing -= ids;
      if (first.next == first.end) {
        available.remove();
      }
    }
    return () -> {
      Range first = taken.element();
      long id = first.next++;
      if (first.next == first.end) {
        taken.remove();
      }
      return id;
    };
  }
}
