package dev.canvas.data.read;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits how many reads of the store may hold a lease at once ({@link ReadThrough}). A miss beyond
 * the limit reads the store without a lease and fills nothing: the lease and the fill are half the
 * cost of a miss, and readers that wait for it wait longer than they save.
 *
 * <p>After a switch to keys that were not used before, as when Redis comes back empty, every read
 * is a miss, and the code that serves it is cold. The limit is then low and rises by one every
 * tenth of a second. See {@code docs/adr/0018-recovery-after-a-fault.md}.
 *
 * <p>Belongs to one event loop.
 */
final class FlightLimit {

  static final int MAX = 128;
  private static final int INITIAL = 4;
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier nanoTime;
  private String keyPrefix;
  private boolean rising;
  private long since;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  FlightLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The limit now.
   *
   * @param current the {@code keyPrefix} of the cache; null while it is unreachable, when no
   *     flights are started
   */
  int at(String current) {
    if (current != null && !current.equals(keyPrefix)) {
      // The first prefix may be full already: only this process is new.
      rising = keyPrefix != null;
      since = nanoTime.getAsLong();
      keyPrefix = current;
    }
    if (!rising) {
      return MAX;
    }
    long steps = (nanoTime.getAsLong() - since) / STEP_NANOS;
    rising = INITIAL + steps < MAX;
    return rising ? (int) (INITIAL + steps) : MAX;
  }
}
