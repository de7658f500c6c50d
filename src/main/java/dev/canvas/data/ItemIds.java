package dev.canvas.data;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The item ids of an event loop, taken from the store in blocks. What is taken and not used is
 * never given again. Belongs to one event loop.
 */
final class ItemIds {

  /** Those below are of samples and imports alone. */
  private static final long FIRST = 1_000;

  private final Writer writer;
  private final Deque<Range> stock = new ArrayDeque<>();
  private long inStock;

  /** All that is in stock and will be is from here on. */
  private long beyond = FIRST;

  /** Ids that nobody has had. */
  private static final class Range {
    private long next;
    private final long end;

    Range(long next, long end) {
      this.next = next;
      this.end = end;
    }
  }

  ItemIds(Writer writer) {
    this.writer = writer;
  }

  /** Takes ids for one user: the supplier gives as many, without waiting. */
  Future<LongSupplier> take(int count) {
    if (inStock >= count) {
      return Future.succeededFuture(own(count));
    }
    int blocks = (int) ((count - inStock + Writer.BLOCK - 1) / Writer.BLOCK);
    return writer
        .itemIdBlocks(blocks)
        .compose(
            starts -> {
              starts.forEach(start -> stock.add(new Range(start, start + Writer.BLOCK)));
              inStock += (long) starts.size() * Writer.BLOCK;
              // Somebody else may have been quicker.
              return take(count);
            });
  }

  /** Gives no id any more that is not above one that came with an import. */
  Future<Void> exceed(long itemId) {
    if (itemId < beyond) {
      return Future.succeededFuture();
    }
    return writer
        .exceedItemId(itemId)
        .map(
            next -> {
              if (next > beyond) {
                beyond = next;
                stock.clear();
                inStock = 0;
              }
              return null;
            });
  }

  private LongSupplier own(int count) {
    inStock -= count;
    Deque<Range> taken = new ArrayDeque<>();
    for (long missing = count; missing > 0; ) {
      Range first = stock.element();
      long some = Math.min(missing, first.end - first.next);
      taken.add(new Range(first.next, first.next + some));
      first.next += some;
      missing -= some;
      if (first.next == first.end) {
        stock.remove();
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
