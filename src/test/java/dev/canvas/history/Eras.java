package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Divides a history at the restores of its database. A restore may lose what was confirmed after
 * the copy was made, so the promise holds for two histories: the one before, and the one that goes
 * on from the copy as if the lost writes had never been. What nobody can know is left open: a write
 * that was under way when the copy was made, or when it took the place of the database, may have
 * taken effect or not, and what is read in between says nothing about the time after. No version of
 * a lost write may be given again.
 */
final class Eras {

  private final Consumer<Violation> violations;

  Eras(Consumer<Violation> violations) {
    this.violations = violations;
  }

  /**
   * The histories that have to be right, each by itself.
   *
   * @param restores in the order of time
   */
  List<List<Operation>> of(List<Operation> history, List<Restore> restores) {
    List<List<Operation>> eras = new ArrayList<>();
    List<Operation> rest = history;
    for (Restore restore : restores) {
      eras.add(before(rest, restore));
      checkVersions(rest, restore);
      rest = after(rest, restore);
    }
    eras.add(rest);
    return eras;
  }

  private static List<Operation> before(List<Operation> history, Restore restore) {
    List<Operation> before = new ArrayList<>();
    for (Operation each : history) {
      if (each.completed() < restore.began()) {
        before.add(each);
      } else if (each.invoked() < restore.began() && !each.isRead()) {
        before.add(open(each));
      }
    }
    return before;
  }

  private static List<Operation> after(List<Operation> history, Restore restore) {
    List<Operation> after = new ArrayList<>();
    for (Operation each : history) {
      boolean settled =
          each.completed() < restore.copyBegan() || each.invoked() >= restore.settled();
      if (settled) {
        after.add(each);
      } else if (!each.isRead() && !restore.hasLost(each)) {
        after.add(open(each));
      }
    }
    return after;
  }

  /** What a refusal was about may be lost; but it has no effect in any case. */
  private static Operation open(Operation write) {
    return write.hasFailed() ? write.as(Outcome.FAILED) : write.as(Outcome.UNKNOWN);
  }

  private void checkVersions(List<Operation> history, Restore restore) {
    record Place(long product, long version) {}
    Map<Place, Operation> lost = new HashMap<>();
    history.stream()
        .filter(each -> !each.isRead() && each.hasVersion() && restore.hasLost(each))
        .forEach(each -> lost.put(new Place(each.product(), each.version()), each));
    history.stream()
        .filter(each -> !each.isRead() && each.isOk() && each.invoked() >= restore.began())
        .forEach(
            each -> {
              Operation other = lost.get(new Place(each.product(), each.version()));
              if (other != null) {
                violations.accept(Violation.of(Rule.TWO_VALUES, each, other));
              }
            });
  }
}
