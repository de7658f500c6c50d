package dev.canvas.history;

import java.time.Duration;
import java.util.List;

/**
 * For how long a write by SQL may be missed, which only the relay brings to the caches. Immutable.
 *
 * @param usual while the relay works
 * @param most also while a fault stops it: a frozen relay keeps its lock for three seconds,
 *     somebody may lock its table for four, and then it has to catch up
 * @param stops when faults stopped it
 */
record SqlLag(Duration usual, Duration most, List<Stop> stops) {

  /** A time in which the relay may have stood still, until all had recovered. */
  record Stop(long from, long to) {}

  static final SqlLag NONE = new SqlLag(Duration.ZERO, Duration.ZERO, List.of());

  /** The time from which a write that was confirmed at a time has to be seen. */
  long end(long confirmed) {
    long end = confirmed + usual.toNanos();
    for (Stop stop : stops) {
      if (stop.from < end && stop.to > confirmed) {
        return confirmed + most.toNanos();
      }
    }
    return end;
  }
}
