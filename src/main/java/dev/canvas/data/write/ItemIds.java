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
 * The item ids of an event loop, taken from the store in blocks and given by {@link ItemIdRules}.
 * What is taken and not used in time is never given. Belongs to one event loop.
 */
public final class ItemIds {

  /** Times that a block may come too late to be used. */
  private static final int MAX_TRIES = 3;

  private final Vertx vertx;
  private final Writer writer;
  private final Deque<Range> stock = new ArrayDeque<>();
  private long inStock;

  /** Those below are in no block that ids are still given of. */
  private long beyond = ItemIdRules.FIRST;

  /** Ids that nobody has had, asked for at a time. */
  private static final class Range {
    private long next;
    private final long end;
    private final long askedNanos;

    Range(long next, long end, long askedNanos) {
      this.next = next;
      this.end = end;
      this.askedNanos = askedNanos;
    }
  }

  public ItemIds(Vertx vertx, Writer writer) {
    this.vertx = vertx;
    this.writer = writer;
  }

  /**
   * Takes ids for one user, who has to use them at once: the supplier gives as many, without
   * waiting.
   *
   * @param read completes when the products that they are for are read; fails this with its failure
   */
  Future<LongSupplier> take(int count, Future<?> read) {
    // Asked for meanwhile: a lone write does not wait for it.
    return filled(count, 1).compose(ready -> read).compose(products -> taken(count, 1));
  }

  /** Has the ids that an import brings exceeded, and waits until nobody gives them any more. */
  Future<Void> exceed(long itemId) {
    if (itemId < beyond) {
      return Future.succeededFuture();
    }
    return writer
        .exceedItemId(itemId)
        .compose(next -> vertx.timer(ItemIdRules.SETTLED.toMillis()).map(next))
        .map(
            next -> {
              beyond = Math.max(beyond, next);
              return null;
            });
  }

  private Future<LongSupplier> taken(int count, int tries) {
    dropOld();
    return inStock >= count
        ? Future.succeededFuture(own(count))
        : filled(count, tries).compose(ready -> taken(count, tries + 1));
  }

  private Future<Void> filled(int count, int tries) {
    dropOld();
    if (inStock >= count) {
      return Future.succeededFuture();
    }
    if (tries > MAX_TRIES) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store is too slow to give item ids that may still be used; ask again in a"
                  + " second"));
    }
    long asked = System.nanoTime();
    int blocks = (int) ((count - inStock + Writer.BLOCK - 1) / Writer.BLOCK);
    return writer
        .itemIdBlocks(blocks)
        .map(
            starts -> {
              starts.forEach(start -> stock.add(new Range(start, start + Writer.BLOCK, asked)));
              inStock += (long) starts.size() * Writer.BLOCK;
              return null;
            });
  }

  private void dropOld() {
    long now = System.nanoTime();
    while (!stock.isEmpty() && now - stock.element().askedNanos > ItemIdRules.LIFETIME.toNanos()) {
      Range old = stock.remove();
      inStock -= old.end - old.next;
    }
  }

  private LongSupplier own(int count) {
    inStock -= count;
    Deque<Range> taken = new ArrayDeque<>();
    for (long missing = count; missing > 0; ) {
      Range first = stock.element();
      long some = Math.min(missing, first.end - first.next);
      taken.add(new Range(first.next, first.next + some, first.askedNanos));
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
