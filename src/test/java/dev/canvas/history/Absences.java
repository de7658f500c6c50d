package dev.canvas.history;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The times without media of one product, as they become possible. All operations take the
 * logarithm of their number: a Fenwick tree (Fenwick 1994) has the highest end of all ranges that
 * begin at or below a version.
 */
final class Absences {

  /** No absence can be read. */
  static final long NONE = -1;

  private final long[] lows;
  private final long[] highest;
  private final TreeSet<Long> added = new TreeSet<>();

  /**
   * @param all those that will ever be added
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

  /** The lowest version from a floor on at which there may have been no media, or {@link #NONE}. */
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
