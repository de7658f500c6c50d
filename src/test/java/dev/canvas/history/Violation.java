package dev.canvas.history;

import java.util.List;

/**
 * A promise that was broken. Immutable.
 *
 * @param evidence the operations that show it, the offending one first
 */
record Violation(Rule rule, List<Operation> evidence) {

  /** What is promised. */
  enum Rule {
    /** A read is not older than a write confirmed before it began. */
    STALE,
    /** What a client reads is not older than what it read before. */
    BACKWARD,
    /** What is read was written, to this product, and not later than it was read. */
    NEVER_WRITTEN,
    /** A write that failed is never read. */
    FAILED_WRITE_READ,
    /** A write has one version. */
    TWO_VERSIONS,
    /** A version is that of one write. */
    TWO_VALUES,
    /** A write that was to replace one value replaced no other. */
    LOST_UPDATE,
    /** Who was to replace one value is refused only where another may have been there. */
    UNJUSTIFIED_REFUSAL,
    /** A write that begins after another is confirmed has the higher version. */
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
