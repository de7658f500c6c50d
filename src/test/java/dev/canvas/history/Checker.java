package dev.canvas.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks a history against the promises of the service, product by product, in O(n log n). It is
 * sound: whatever it reports is a violation, whichever versions the answers have left open. If all
 * versions are known it is complete too. Immutable. See {@code docs/history-checker.md}.
 *
 * @param unknownLife how long after its end a write with an unknown outcome may still take effect
 * @param lag for how long after its confirmation a write may be missed on other nodes
 * @param relay for how long a write by SQL, past the service, may be missed
 */
record Checker(Duration unknownLife, Duration lag, Duration relay) {

  /** For a history without writes by SQL. */
  Checker(Duration unknownLife, Duration lag) {
    this(unknownLife, lag, Duration.ZERO);
  }

  /** The violations of all products, in no particular order. */
  List<Violation> check(List<Operation> history) {
    List<Violation> violations = new ArrayList<>();
    history.stream()
        .collect(Collectors.groupingBy(Operation::product))
        .values()
        .forEach(
            operations ->
                new ProductCheck(
                        operations,
                        unknownLife.toNanos(),
                        lag.toNanos(),
                        relay.toNanos(),
                        violations::add)
                    .run());
    return violations;
  }
}
