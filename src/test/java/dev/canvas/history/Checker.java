package dev.canvas.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares a history with what the service promises of its reads, product by product, in O(n log
 * n). It is lenient where a history does not tell: what it finds is a violation, whatever the
 * versions that were not told. Where all are told it finds every one. Immutable.
 *
 * @param unknownLife how long after its end a write of unknown outcome may still be done
 * @param lag for how long after its confirmation a write may be missed on other nodes
 * @param relay for how long one may be missed that was made past the service, by SQL
 */
record Checker(Duration unknownLife, Duration lag, Duration relay) {

  /** For a history in which nobody writes past the service, or a relay is not needed. */
  Checker(Duration unknownLife, Duration lag) {
    this(unknownLife, lag, Duration.ZERO);
  }

  /** Violations of all products, in no order. */
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
