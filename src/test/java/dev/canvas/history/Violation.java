package dev.canvas.history;

import java.util.List;

/**
 * A broken promise. Immutable.
 *
 * @param evidence the operations that show it, the offending one first
 */
record Violation(Rule rule, List<Operation> evidence) {

  /** The promises. */
  enum Rule {
    /** A read returns nothing older than a write that was confirmed before it began. */
    STALE,
    /** A client never reads something older than it read before on the same node. */
    BACKWARD,
    /** A read returns a value whose write of this product began before the read ended. */
    NEVER_WRITTEN,
    /** The value of a failed write is never read. */
    FAILED_WRITE_READ,
    /** A write has one version only. */
    TWO_VERSIONS,
    /** A version belongs to one write only. */
    TWO_VALUES,
    /** A conditional write replaces the value that it named, and no other. */
    LOST_UPDATE,
    /** A conditional write is refused only if another write may have come in between. */
    UNJUSTIFIED_REFUSAL,
    /** A write that begins after another was confirmed has a higher version. */
    VERSION_ORDER
  }

  static Violation of(Rule rule, Operation... evidence) {
    return new Violation(rule, List.of(evidence));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rule.name());
    evidence.forEach(operation -> text.append("\n    ").append(operation));
    return text.toString();
  }
}
