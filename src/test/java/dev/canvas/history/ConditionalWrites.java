package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Checks the conditional writes of one product, which were to replace one value and no other: by
 * If-Match, or by adding an item to those that were there. The write of that value has to be their
 * direct predecessor. A refusal needs another write that may have come in between. Each check takes
 * logarithmic time.
 */
final class ConditionalWrites {

  private final Versions versions;
  private final Consumer<Violation> violations;
  private final TreeMap<Long, Operation> known = new TreeMap<>();
  private final long[] invocations;
  private final long[] highest;

  /**
   * @param changes all writes of the product that may have taken effect
   */
  ConditionalWrites(
      List<Operation> changes, Versions versions, Writes writes, Consumer<Violation> violations) {
    this.versions = versions;
    this.violations = violations;
    changes.stream()
        .filter(each -> versions.of(each) != Operation.NO_VERSION)
        .forEach(each -> known.put(versions.of(each), each));
    List<Operation> inOrder =
        changes.stream().sorted(Comparator.comparingLong(Operation::invoked)).toList();
    invocations = inOrder.stream().mapToLong(Operation::invoked).toArray();
    highest = new long[invocations.length];
    for (int i = 0; i < invocations.length; i++) {
      long high = writes.range(inOrder.get(i)).high();
      highest[i] = i == 0 ? high : Math.max(highest[i - 1], high);
    }
  }

  void check(Operation write) {
    long replaced = versions.ofValue(write.replaces());
    if (replaced == Operation.NO_VERSION) {
      return;
    }
    if (write.outcome() == Outcome.REFUSED) {
      checkRefusal(write, replaced);
    } else if (!write.hasFailed() && versions.of(write) != Operation.NO_VERSION) {
      checkSuccession(write, replaced);
    }
  }

  private void checkSuccession(Operation write, long replaced) {
    Map.Entry<Long, Operation> next = known.higherEntry(replaced);
    if (next == null || next.getKey() != versions.of(write)) {
      report(Rule.LOST_UPDATE, write, next == null ? known.get(replaced) : next.getValue());
    }
  }

  private void checkRefusal(Operation write, long replaced) {
    if (highestBegunBy(write.completed()) <= replaced) {
      report(Rule.UNJUSTIFIED_REFUSAL, write, known.get(replaced));
    }
  }

  private void report(Rule rule, Operation write, Operation other) {
    violations.accept(other == null ? Violation.of(rule, write) : Violation.of(rule, write, other));
  }

  private long highestBegunBy(long time) {
    int end = Arrays.binarySearch(invocations, time);
    if (end < 0) {
      end = -end - 2;
    } else {
      while (end + 1 < invocations.length && invocations[end + 1] == time) {
        end++;
      }
    }
    return end < 0 ? Operation.NO_VERSION : highest[end];
  }
}
