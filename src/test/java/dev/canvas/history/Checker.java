package dev.canvas.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Checks a history against the promises of the service, product by product, in O(n log n). It is
 * sound: whatever it reports is a violation, whichever versions the answers have left open. If all
 * versions are known it is complete too. Immutable. See {@code docs/history-checker.md}.
 *
 * @param unknownLife how long after its end a write with an unknown outcome may still take effect
 * @param lag for how long after its confirmation a write may be missed on other nodes
 * @param sql for how long a write by SQL, past the service, may be missed
 */
record Checker(Duration unknownLife, Duration lag, SqlLag sql) {

  /** For a history without writes by SQL. */
  Checker(Duration unknownLife, Duration lag) {
    this(unknownLife, lag, SqlLag.NONE);
  }

  /** The violations of all products, in no particular order. */
  List<Violation> check(List<Operation> history) {
    return check(history, List.of());
  }

  /**
   * The same for a database that was restored meanwhile.
   *
   * @param restores in the order of time
   */
  List<Violation> check(List<Operation> history, List<Restore> restores) {
    List<Violation> violations = new ArrayList<>();
    new Eras(violations::add).of(history, restores).forEach(era -> check(era, violations::add));
    // What was wrong before a copy was made is wrong in both histories.
    return violations.stream().distinct().toList();
  }

  private void check(List<Operation> history, Consumer<Violation> violations) {
    history.stream()
        .collect(Collectors.groupingBy(Operation::product))
        .values()
        .forEach(
            operations ->
                new ProductCheck(operations, unknownLife.toNanos(), lag.toNanos(), sql, violations)
                    .run());
  }
}
