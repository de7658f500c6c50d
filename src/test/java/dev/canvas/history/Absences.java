package dev.canvas.history;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The version ranges in which one product may have had no media, added as they become possible.
 * Each operation takes logarithmic time: a Fenwick tree (Fenwick, A New Data Structure for
 * Cumulative Frequency Tables, 1994) holds the highest end of all ranges that begin at or below a
 * version.
 */
final class Absences {

  /** No version without media is possible. */
  static final long NONE = -1;

  private final long[] lows;
  private final long[] highest;
  private final TreeSet<Long> added = new TreeSet<>();

  /**
   * @param all the ranges that will ever be added
   */
  Absences(List<VersionRange> all) {
    lows = all.stream().mapToLong(VersionRange::low).sorted().distinct().toArray();
    highest = new long[lows.length + 1];
    Arrays.fill(highest, NONE);
  }

  void add(VersionRange range) {
    added.add(range.low());
    for (int i = Arrays.binarySearch(lows, range.low()) + 1; i < highest.length; i += i & -i) {
      highest[i] = Math.max(highest[i], range.high());
    }
  }

  /**
   * The lowest version at or above a floor at which the product may have had no media, or {@link
   * #NONE}.
   */
  long lowestFrom(long floor) {
    if (highestBegunBy(floor) >= floor) {
      return floor;
    }
    Long next = added.higher(floor);
    return next == null ? NONE : next;
  }

  private long highestBegunBy(long version) {
    int found = Arrays.binarySearch(lows, version);
    long high = NONE;
    for (int i = found < 0 ? -found - 1 : found + 1; i > 0; i -= i & -i) {
      high = Math.max(high, highest[i]);
    }
    return high;
  }
}
