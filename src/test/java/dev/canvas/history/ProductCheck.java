package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Violation.Rule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Checks the history of one product. Goes through its reads in the order of their completion. */
final class ProductCheck {

  private record Session(int client, int node) {}

  private final Versions versions;
  private final Writes writes;
  private final Absences absences;
  private final Deque<Operation> deletes;
  private final List<Operation> reads;
  private final List<Operation> conditional;
  private final Map<Session, Floor> seen = new HashMap<>();
  private final ConditionalWrites conditions;
  private final long lag;
  private final Consumer<Violation> violations;

  ProductCheck(
      List<Operation> operations,
      long unknownLife,
      long lag,
      SqlLag sql,
      Consumer<Violation> violations) {
    this.lag = lag;
    this.violations = violations;
    versions = new Versions(operations, violations);
    List<Operation> changes =
        operations.stream().filter(each -> !each.isRead() && !each.hasFailed()).toList();
    writes = new Writes(changes, versions, unknownLife, sql, violations);
    conditions = new ConditionalWrites(changes, versions, writes, violations);
    conditional =
        operations.stream().filter(each -> !each.isRead() && each.isConditional()).toList();
    deletes =
        new ArrayDeque<>(
            changes.stream()
                .filter(each -> each.kind() == Kind.DELETE)
                .sorted(Comparator.comparingLong(Operation::invoked))
                .toList());
    List<VersionRange> ranges = new ArrayList<>(deletes.stream().map(writes::range).toList());
    ranges.add(VersionRange.NEVER_WRITTEN);
    absences = new Absences(ranges);
    absences.add(VersionRange.NEVER_WRITTEN);
    reads =
        operations.stream()
            .filter(each -> each.isRead() && each.isOk())
            .sorted(Comparator.comparingLong(Operation::completed))
            .toList();
  }

  void run() {
    conditional.forEach(conditions::check);
    for (Operation read : reads) {
      while (!deletes.isEmpty() && deletes.peek().invoked() <= read.completed()) {
        absences.add(writes.range(deletes.remove()));
      }
      Floor before =
          seen.computeIfAbsent(new Session(read.client(), read.node()), first -> new Floor());
      if (read.value() == Operation.ABSENT) {
        checkAbsence(read, before);
      } else if (versions.writeReadBy(read) != null) {
        checkMedia(read, before);
      }
    }
  }

  private void checkMedia(Operation read, Floor before) {
    VersionRange range =
        read.hasVersion()
            ? VersionRange.exactly(read.version())
            : writes.range(versions.writeReadBy(read));
    if (range.high() < floor(read)) {
      stale(read);
    } else if (range.high() < before.at(read.invoked())) {
      backward(read, before);
    }
    before.raise(read.completed(), range.low(), read);
  }

  private void checkAbsence(Operation read, Floor before) {
    long floor = Math.max(floor(read), before.at(read.invoked()));
    long lowest = lowestAbsenceFrom(floor);
    if (lowest != Absences.NONE) {
      before.raise(read.completed(), lowest, read);
    } else if (lowestAbsenceFrom(floor(read)) == Absences.NONE) {
      stale(read);
    } else {
      backward(read, before);
    }
  }

  private long lowestAbsenceFrom(long floor) {
    return absences.lowestFrom(versions.isOfMedia(floor) ? floor + 1 : floor);
  }

  /** A confirmed write must be seen on its own node at once, and on others after the lag. */
  private long floor(Operation read) {
    return Math.max(
        writes.confirmedBy(read.node()).at(read.invoked()),
        writes.confirmed().at(read.invoked() - lag));
  }

  private void stale(Operation read) {
    Floor here = writes.confirmedBy(read.node());
    Floor anywhere = writes.confirmed();
    long since = read.invoked();
    boolean sameNode = here.at(since) >= anywhere.at(since - lag);
    violations.accept(
        Violation.of(
            Rule.STALE, read, sameNode ? here.raiserAt(since) : anywhere.raiserAt(since - lag)));
  }

  private void backward(Operation read, Floor before) {
    violations.accept(Violation.of(Rule.BACKWARD, read, before.raiserAt(read.invoked())));
  }
}
