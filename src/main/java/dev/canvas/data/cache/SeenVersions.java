package dev.canvas.data.cache;

import dev.canvas.media.ProductId;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The versions that readers of this process got from the store in the last two seconds, by product.
 * While Redis is unreachable that is every read, so they are kept in arrays of numbers, as an
 * eight-way set-associative cache: tens of thousands of short-lived objects would triple the length
 * of each garbage collection. If more than eight products share a set, the one that was read
 * longest ago is evicted. Thread-safe.
 */
final class SeenVersions {

  /** Longer than the relay takes to repair the cache after a change without a fence. */
  static final Duration LIFE = Duration.ofSeconds(2);

  private static final int WAYS = 8;
  private static final int SETS_BITS = 16;
  private static final int LOCKS = 256;

  private final long[] ids = new long[WAYS << SETS_BITS];
  private final long[] versions = new long[ids.length];

  /** When each entry expires, in ns since the start. */
  private final long[] expiries = new long[ids.length];

  private final Object[] locks = new Object[LOCKS];
  private final LongSupplier nanoTime;
  private final long start;

  /** The latest expiry. Volatile, so that the array writes before it are visible to readers. */
  private volatile long lastExpiry;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  SeenVersions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    Arrays.setAll(locks, lock -> new Object());
  }

  /** Records that a reader got this version. */
  void record(ProductId productId, long version) {
    long now = now();
    long expiry = now + LIFE.toNanos();
    int set = set(productId);
    synchronized (lock(set)) {
      int way = find(set, productId.value(), now);
      boolean known = way >= 0;
      if (!known) {
        way = firstToExpire(set);
        ids[way] = productId.value();
      }
      versions[way] = known ? Math.max(versions[way], version) : version;
      expiries[way] = expiry;
    }
    lastExpiry = expiry;
  }

  /** The highest version that a reader got in the last two seconds; 0 if there was none. */
  long latest(ProductId productId) {
    long now = now();
    if (lastExpiry <= now) {
      return 0;
    }
    int set = set(productId);
    synchronized (lock(set)) {
      int way = find(set, productId.value(), now);
      return way < 0 ? 0 : versions[way];
    }
  }

  /** The index of the product's entry; -1 if it has none that is still valid. */
  private int find(int set, long id, long now) {
    for (int way = set; way < set + WAYS; way++) {
      if (ids[way] == id && expiries[way] > now) {
        return way;
      }
    }
    return -1;
  }

  private int firstToExpire(int set) {
    int first = set;
    for (int way = set + 1; way < set + WAYS; way++) {
      if (expiries[way] < expiries[first]) {
        first = way;
      }
    }
    return first;
  }

  private long now() {
    return nanoTime.getAsLong() - start;
  }

  private Object lock(int set) {
    return locks[set / WAYS % LOCKS];
  }

  /** The index of the first entry of the product's set, by Fibonacci hashing. */
  private static int set(ProductId productId) {
    return (int) ((productId.value() * 0x9E37_79B9_7F4A_7C15L) >>> (64 - SETS_BITS)) * WAYS;
  }
}
