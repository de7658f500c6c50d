package dev.canvas.history;

import java.util.Arrays;

/**
 * The lowest version that a read may return, as a step function of time, and the operation behind
 * each step. It has to be raised in the order of time.
 */
final class Floor {

  private long[] times = new long[8];
  private long[] versions = new long[8];
  private Operation[] raisers = new Operation[8];
  private int size;

  /** Reads that begin after {@code time} may not return less than {@code version}. */
  void raise(long time, long version, Operation raiser) {
    if (size > 0 && version <= versions[size - 1]) {
      return;
    }
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      versions = Arrays.copyOf(versions, 2 * size);
      raisers = Arrays.copyOf(raisers, 2 * size);
    }
    times[size] = time;
    versions[size] = version;
    raisers[size++] = raiser;
  }

  /** The lowest version that a read beginning at {@code time} may return; 0 for any. */
  long at(long time) {
    int step = step(time);
    return step < 0 ? 0 : versions[step];
  }

  /** The operation that set the floor at {@code time}; null if there is none. */
  Operation raiserAt(long time) {
    int step = step(time);
    return step < 0 ? null : raisers[step];
  }

  /** The last step before a time, or -1. Of several steps at one time the last is the highest. */
  private int step(long time) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
