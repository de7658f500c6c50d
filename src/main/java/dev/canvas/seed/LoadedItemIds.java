package dev.canvas.seed;

import dev.canvas.media.ItemIdRules;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * The item ids that a load brings: the service is never to give one of them out again. They may be
 * committed when {@link #awaitSettled} has returned. Thread-safe.
 *
 * @see ItemIdRules
 */
public final class LoadedItemIds {

  /** What the service takes its ids from. Blocking; called by one thread at a time. */
  public interface Sequence {

    /**
     * Has the blocks that are taken from now on begin behind an id.
     *
     * @return from where on they do
     */
    long exceed(long itemId) throws SQLException, InterruptedException;
  }

  private final Sequence sequence;
  private volatile long next = ItemIdRules.FIRST;
  private volatile long settledNanos = System.nanoTime();

  public LoadedItemIds(Sequence sequence) {
    this.sequence = sequence;
  }

  /** Takes note of one. */
  public void add(long itemId) throws SQLException, InterruptedException {
    if (itemId >= next) {
      exceed(itemId);
    }
  }

  /** Waits until nobody gives ids any more of the blocks that were taken before. */
  public void awaitSettled() throws InterruptedException {
    long left = settledNanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private synchronized void exceed(long itemId) throws SQLException, InterruptedException {
    if (itemId >= next) {
      long beyond = sequence.exceed(itemId);
      settledNanos = System.nanoTime() + ItemIdRules.SETTLED.toNanos();
      next = beyond;
    }
  }
}
