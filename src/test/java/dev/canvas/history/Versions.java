package dev.canvas.history;

import dev.canvas.history.Violation.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The writes of one product and the version of each, learned from its own answer and from reads.
 * Reports reads of values that were not written, and versions that are not unique.
 */
final class Versions {

  private final Map<Long, Operation> writes = new HashMap<>();
  private final Map<Long, Operation> versionEvidence = new HashMap<>();
  private final Map<Long, Operation> valueEvidence = new HashMap<>();
  private final Consumer<Violation> violations;

  /**
   * @param operations all on one product
   */
  Versions(List<Operation> operations, Consumer<Violation> violations) {
    this.violations = violations;
    operations.stream()
        .filter(each -> !each.isRead())
        .forEach(each -> writes.put(each.value(), each));
    operations.stream().filter(each -> isOfAWrite(each)).forEach(this::learn);
    operations.stream().filter(Versions::foundMedia).forEach(this::checkOrigin);
  }

  /** The write whose value a read returned; null if there is none that may be read. */
  Operation writeReadBy(Operation read) {
    Operation write = writes.get(read.value());
    return write == null || write.hasFailed() ? null : write;
  }

  /** The version of a write, or {@link Operation#NO_VERSION}. */
  long of(Operation write) {
    Operation evidence = versionEvidence.get(write.value());
    return evidence == null ? Operation.NO_VERSION : evidence.version();
  }

  /** The version of the write of a value, or {@link Operation#NO_VERSION}. */
  long ofValue(long value) {
    Operation write = writes.get(value);
    return write == null ? Operation.NO_VERSION : of(write);
  }

  /** Whether a version is known to be one at which the product had media. */
  boolean isOfMedia(long version) {
    Operation holder = valueEvidence.get(version);
    return holder != null && holder.kind() != Operation.Kind.DELETE;
  }

  private static boolean foundMedia(Operation operation) {
    return operation.isRead() && operation.isOk() && operation.value() != Operation.ABSENT;
  }

  private static boolean isOfAWrite(Operation operation) {
    return operation.isOk()
        && operation.hasVersion()
        && (!operation.isRead() || foundMedia(operation));
  }

  private void learn(Operation operation) {
    Operation evidence = versionEvidence.putIfAbsent(operation.value(), operation);
    if (evidence != null && evidence.version() != operation.version()) {
      violations.accept(Violation.of(Rule.TWO_VERSIONS, operation, evidence));
    }
    Operation holder = valueEvidence.putIfAbsent(operation.version(), operation);
    if (holder != null && holder.value() != operation.value()) {
      violations.accept(Violation.of(Rule.TWO_VALUES, operation, holder));
    }
  }

  private void checkOrigin(Operation read) {
    Operation write = writes.get(read.value());
    if (write == null || write.kind() == Operation.Kind.DELETE) {
      violations.accept(Violation.of(Rule.NEVER_WRITTEN, read));
    } else if (write.hasFailed()) {
      violations.accept(Violation.of(Rule.FAILED_WRITE_READ, read, write));
    } else if (read.completed() < write.invoked()) {
      violations.accept(Violation.of(Rule.NEVER_WRITTEN, read, write));
    }
  }
}
