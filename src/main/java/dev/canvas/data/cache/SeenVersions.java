package dev.canvas.data.cache;

import dev.canvas.media.ProductId;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The versions that readers of this process have got in the last two seconds, by product. While
 * Redis is away that is every read, so it is kept in arrays of numbers (a cache of eight ways):
 * tens of thousands of short-lived objects would make each collection of garbage three times as
 * long. Where more than eight products share a place, the one that was read longest ago is
 * forgotten. Thread-safe.
 */
final class SeenVersions {

  /** Longer than the relay takes to repair the cache after a change that nobody announced. */
  static final Duration LIFE = Duration.ofSeconds(2);

  private static final int WAYS = 8;
  private static final int PLACES_BITS = 16;
  private static final int LOCKS = 256;

  private final long[] ids = new long[WAYS << PLACES_BITS];
  private final long[] versions = new long[ids.length];

  /** Until when each counts, in ns since the start. */
  private final long[] ends = new long[ids.length];

  private final Object[] locks = new Object[LOCKS];
  private final LongSupplier nanoTime;
  private final long start;

  /** The last of the ends. A thread that has got a version sees that this is not over. */
  private volatile long lastEnd;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  SeenVersions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    Arrays.setAll(locks, lock -> new Object());
  }

  /** A reader gets that version. */
  void saw(ProductId productId, long version) {
    long now = now();
    long end = now + LIFE.toNanos();
    int place = place(productId);
    synchronized (lock(place)) {
      int way = way(place, productId.value(), now);
      boolean again = way >= 0;
      if (!again) {
        way = first(place);
        ids[way] = productId.value();
      }
      versions[way] = again ? Math.max(versions[way], version) : version;
      ends[way] = end;
    }
    lastEnd = end;
  }

  /** The highest version that a reader has got; 0 where none has. */
  long of(ProductId productId) {
    long now = now();
    if (lastEnd <= now) {
      return 0;
    }
    int place = place(productId);
    synchronized (lock(place)) {
      int way = way(place, productId.value(), now);
      return way < 0 ? 0 : versions[way];
    }
  }

  /** Where the product is; negative where it is not, or no longer counts. */
  private int way(int place, long id, long now) {
    for (int way = place; way < place + WAYS; way++) {
      if (ids[way] == id && ends[way] > now) {
        return way;
      }
    }
    return -1;
  }

  /** Whose end is first. */
  private int first(int place) {
    int first = place;
    for (int way = place + 1; way < place + WAYS; way++) {
      if (ends[way] < ends[first]) {
        first = way;
      }
    }
    return first;
  }

  private long now() {
    return nanoTime.getAsLong() - start;
  }

  private Object lock(int place) {
    return locks[place / WAYS % LOCKS];
  }

  private static int place(ProductId productId) {
    return (int) ((productId.value() * 0x9E37_79B9_7F4A_7C15L) >>> (64 - PLACES_BITS)) * WAYS;
  }
}
