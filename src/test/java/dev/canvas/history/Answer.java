package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;

/**
 * What a client was answered. Immutable.
 *
 * @param value what the answer shows, or {@link Operation#ABSENT}
 * @param version the product's, or {@link Operation#NO_VERSION}
 * @param note how it was asked and who answered
 * @param replaces what it was to replace, or {@link Operation#ABSENT}
 */
record Answer(Outcome outcome, long value, long version, String note, long replaces) {

  private Answer(Outcome outcome, long value, long version, String note) {
    this(outcome, value, version, note, Operation.ABSENT);
  }

  /** The same to a call that was to replace one value and no other. */
  Answer replacing(long replaced) {
    return new Answer(outcome, value, version, note, replaced);
  }

  /** It was not done, as another value was there than it was to replace. */
  static Answer refused(String note) {
    return new Answer(Outcome.REFUSED, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** It was not done, or could not be answered. */
  static Answer failed(String note) {
    return new Answer(Outcome.FAILED, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** Nobody knows whether it was done. */
  static Answer unknown(String note) {
    return new Answer(Outcome.UNKNOWN, Operation.ABSENT, Operation.NO_VERSION, note);
  }

  /** It was done; the answer does not show what is there now. */
  static Answer done(long version, String note) {
    return new Answer(Outcome.OK, Operation.ABSENT, version, note);
  }

  /** This is there. */
  static Answer found(long value, long version, String note) {
    return new Answer(Outcome.OK, value, version, note);
  }

  /** Nothing is there. */
  static Answer absent(String note) {
    return found(Operation.ABSENT, Operation.NO_VERSION, note);
  }
}
