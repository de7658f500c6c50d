package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The order of the writes of one product. A write that begins after another was confirmed has a
 * higher version, so an unknown version can be bounded by those of other writes; and each confirmed
 * write raises the floor of later reads.
 */
final class Writes {

  private final Versions versions;
  private final long unknownLife;
  private final SqlLag sql;
  private final Consumer<Violation> violations;
  private final Map<Long, VersionRange> ranges = new HashMap<>();
  private final Floor confirmed = new Floor();
  private final Map<Integer, Floor> confirmedByNode = new HashMap<>();
  // A floor with time and versions negated: the lowest known version of the writes that begin after
  // a time.
  private final Floor ceiling = new Floor();

  /**
   * @param writes all writes of the product that have not failed
   * @param unknownLife how long after its end a write with an unknown outcome may still take effect
   * @param sql for how long after its end a write by SQL may be missed
   */
  Writes(
      List<Operation> writes,
      Versions versions,
      long unknownLife,
      SqlLag sql,
      Consumer<Violation> violations) {
    this.versions = versions;
    this.unknownLife = unknownLife;
    this.sql = sql;
    this.violations = violations;
    writes.stream()
        .filter(write -> versions.of(write) != Operation.NO_VERSION)
        .sorted(Comparator.comparingLong(Operation::invoked).reversed())
        .forEach(write -> ceiling.raise(-write.invoked(), -versions.of(write), write));
    writes.stream()
        .filter(Operation::isOk)
        .sorted(Comparator.comparingLong(this::confirmedAt))
        .forEach(this::confirm);
    writes.stream().filter(write -> !write.isOk()).forEach(this::place);
  }

  /** The bounds of the version of a write. */
  VersionRange range(Operation write) {
    return ranges.get(write.value());
  }

  /** The floor that the confirmed writes of all nodes set for reads. */
  Floor confirmed() {
    return confirmed;
  }

  /** The floor that the writes confirmed by one node set for reads. */
  Floor confirmedBy(int node) {
    return confirmedByNode.computeIfAbsent(node, first -> new Floor());
  }

  private void confirm(Operation write) {
    VersionRange range = place(write);
    confirmed.raise(confirmedAt(write), range.low(), write);
    confirmedBy(write.node()).raise(write.completed(), range.low(), write);
  }

  /** The time from which every read has to see it. */
  private long confirmedAt(Operation write) {
    return write.node() == Operation.DATABASE ? sql.end(write.completed()) : write.completed();
  }

  private VersionRange place(Operation write) {
    long version = versions.of(write);
    long floor = confirmed.at(write.invoked());
    if (version != Operation.NO_VERSION && version <= floor) {
      violations.accept(
          Violation.of(Rule.VERSION_ORDER, write, confirmed.raiserAt(write.invoked())));
    }
    VersionRange range =
        version == Operation.NO_VERSION
            ? new VersionRange(floor + 1, highest(write))
            : VersionRange.exactly(version);
    ranges.put(write.value(), range);
    return range;
  }

  private long highest(Operation write) {
    long end = write.outcome() == Outcome.OK ? write.completed() : write.completed() + unknownLife;
    long next = -ceiling.at(-end);
    return next == 0 ? Long.MAX_VALUE : next - 1;
  }
}
