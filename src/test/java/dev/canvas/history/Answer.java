package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;

/**
 * The answer that a client got to one call. Immutable.
 *
 * @param value the value that the answer shows, or {@link Operation#ABSENT}
 * @param version of the product, or {@link Operation#NO_VERSION}
 * @param note which API was called and which tier answered
 * @param replaces the value that a conditional write was to replace, or {@link Operation#ABSENT}
 */
record Answer(Outcome outcome, long value, long version, String note, long replaces) {

  private Answer(Outcome outcome, long value, long version, String note) {
    this(outcome, value, version, note, Operation.ABSENT);
  }

  /** The same answer to a write that was conditional on a value. */
  Answer replacing(long replaced) {
    return new Answer(outcome, value, version, note, replaced);
  }

  /** Its condition did not hold; nothing was written. */
  static Answer refused(String note) {
    return new Answer(Outcome.REFUSED, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** The call failed; nothing was written. */
  static Answer failed(String note) {
    return new Answer(Outcome.FAILED, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** Whether it took effect is unknown. */
  static Answer unknown(String note) {
    return new Answer(Outcome.UNKNOWN, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** It took effect; the answer does not show the new state. */
  static Answer done(long version, String note) {
    return new Answer(Outcome.OK, Operation.ABSENT, version, note);
  }

  /** The product has this value. */
  static Answer found(long value, long version, String note) {
    return new Answer(Outcome.OK, value, version, note);
  }

  /** The product has no media. */
  static Answer absent(String note) {
    return found(Operation.ABSENT, Operation.NO_VERSION, note);
  }
}
