package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The writes of one product in their order: a write that begins after another was confirmed has the
 * higher version. So a version that nobody told lies between others, and each confirmed write
 * raises the floor under what may be read.
 */
final class Writes {

  private final Versions versions;
  private final long unknownLife;
  private final long relay;
  private final Consumer<Violation> violations;
  private final Map<Long, VersionRange> ranges = new HashMap<>();
  private final Floor confirmed = new Floor();
  private final Map<Integer, Floor> confirmedByNode = new HashMap<>();
  // A floor upside down, time too: the lowest known version of the writes that begin after a time.
  private final Floor ceiling = new Floor();

  /**
   * @param writes all of one product that have not failed
   * @param unknownLife how long after its end a write of unknown outcome may still be done
   * @param relay for how long after its end a write past the service may be missed
   */
  Writes(
      List<Operation> writes,
      Versions versions,
      long unknownLife,
      long relay,
      Consumer<Violation> violations) {
    this.versions = versions;
    this.unknownLife = unknownLife;
    this.relay = relay;
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

  /** Between which versions that of a write lies. */
  VersionRange range(Operation write) {
    return ranges.get(write.value());
  }

  /** What confirmed writes, of all nodes, ask of a read. */
  Floor confirmed() {
    return confirmed;
  }

  /** What writes ask that were confirmed by one node. */
  Floor confirmedBy(int node) {
    return confirmedByNode.computeIfAbsent(node, first -> new Floor());
  }

  private void confirm(Operation write) {
    VersionRange range = place(write);
    confirmed.raise(confirmedAt(write), range.low(), write);
    confirmedBy(write.node()).raise(write.completed(), range.low(), write);
  }

  /** From when on everybody is to read it. */
  private long confirmedAt(Operation write) {
    return write.node() == Operation.DATABASE ? write.completed() + relay : write.completed();
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
