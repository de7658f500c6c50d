package dev.canvas.data.read;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many {@link Flight}s may be under way at once. Beyond them a miss asks the store and fills
 * nothing: a lease and a fill are half of what it costs, and what waits for them here waits longer
 * than they save.
 *
 * <p>In a part of Redis that was not used before, as in one that came back empty, every read is a
 * miss, and code runs that has not run for long: there they are few at first, and one more every
 * tenth of a second. See {@code docs/adr/0018-recovery-after-a-fault.md}.
 *
 * <p>Belongs to one event loop.
 */
final class FlightLimit {

  static final int MOST = 128;
  private static final int FIRST = 4;
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier nanoTime;
  private String space;
  private boolean rising;
  private long since;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  FlightLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * @param used the part of Redis that is read; null while it is away, where no limit is needed
   */
  int in(String used) {
    if (used != null && !used.equals(space)) {
      // The first one may be full: it is this process that is new.
      rising = space != null;
      since = nanoTime.getAsLong();
      space = used;
    }
    if (!rising) {
      return MOST;
    }
    long more = (nanoTime.getAsLong() - since) / STEP_NANOS;
    rising = FIRST + more < MOST;
    return rising ? (int) (FIRST + more) : MOST;
  }
}
