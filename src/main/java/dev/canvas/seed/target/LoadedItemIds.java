package dev.canvas.seed.target;

import dev.canvas.media.ItemIdRules;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the service from assigning an item id that a load brings. A stream adds every id, then
 * calls {@link #awaitSettled} before it commits. Thread-safe.
 *
 * @see ItemIdRules
 */
public final class LoadedItemIds {

  /** Where the service takes its ids from. Blocking; called by one thread at a time. */
  public interface Sequence {

    /**
     * Makes all further blocks of ids start above an id.
     *
     * @return where the next block starts
     */
    long raiseAbove(long itemId) throws SQLException, InterruptedException;
  }

  private final Sequence sequence;
  private volatile long next = ItemIdRules.FIRST;
  private volatile long settledNanos = System.nanoTime();

  public LoadedItemIds(Sequence sequence) {
    this.sequence = sequence;
  }

  /** Reserves an id. */
  public void add(long itemId) throws SQLException, InterruptedException {
    if (itemId >= next) {
      raiseAbove(itemId);
    }
  }

  /** Waits until no node assigns ids from a block that it took before the sequence was raised. */
  public void awaitSettled() throws InterruptedException {
    long left = settledNanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private synchronized void raiseAbove(long itemId) throws SQLException, InterruptedException {
    if (itemId >= next) {
      long raised = sequence.raiseAbove(itemId);
      settledNanos = System.nanoTime() + ItemIdRules.SETTLED.toNanos();
      next = raised;
    }
  }
}
