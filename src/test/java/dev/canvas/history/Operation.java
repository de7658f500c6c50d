package dev.canvas.history;

/**
 * One call of one client, from just before it was sent until just after its answer. Immutable.
 *
 * @param client that called; it makes one call at a time
 * @param node that was called, or {@link #DATABASE}
 * @param value of a write: unique in the history; of a read: what it found, or {@link #ABSENT}
 * @param version of the product after the call, or {@link #NO_VERSION}
 * @param invoked just before it was sent, in nanoseconds by a clock that all clients share
 * @param completed just after the answer, or when none could come any more
 * @param note which API was called and which tier answered; only for humans
 * @param replaces the only value that a conditional write was to replace, else {@link #ABSENT}
 */
record Operation(
    int client,
    int node,
    Kind kind,
    long product,
    long value,
    long version,
    Outcome outcome,
    long invoked,
    long completed,
    String note,
    long replaces) {

  /** The node of clients that write by SQL, past the service. */
  static final int DATABASE = -1;

  /** The value of a product without media. */
  static final long ABSENT = 0;

  /** The version if the answer has none, as in the API of the first service. */
  static final long NO_VERSION = 0;

  /** An unconditional call. */
  Operation(
      int client,
      int node,
      Kind kind,
      long product,
      long value,
      long version,
      Outcome outcome,
      long invoked,
      long completed,
      String note) {
    this(client, node, kind, product, value, version, outcome, invoked, completed, note, ABSENT);
  }

  /** The kinds of call. */
  enum Kind {
    /** Reads a product. */
    READ,
    /** Replaces its media. */
    WRITE,
    /** Deletes its media. */
    DELETE
  }

  /** What the client knows afterwards. */
  enum Outcome {
    /** It took effect: a 2xx, or the 404 of a read. */
    OK,
    /** It has not taken effect and never will. */
    FAILED,
    /** Its condition did not hold (412), so it has not taken effect. */
    REFUSED,
    /** It has taken effect, will, or never will. */
    UNKNOWN
  }

  /** The same call with another outcome; its version is not known then. */
  Operation as(Outcome other) {
    return new Operation(
        client, node, kind, product, value, NO_VERSION, other, invoked, completed, note, replaces);
  }

  boolean isRead() {
    return kind == Kind.READ;
  }

  boolean isOk() {
    return outcome == Outcome.OK;
  }

  /** Whether it certainly has no effect. */
  boolean hasFailed() {
    return outcome == Outcome.FAILED || outcome == Outcome.REFUSED;
  }

  /** Whether it is a conditional write. */
  boolean isConditional() {
    return replaces != ABSENT;
  }

  boolean hasVersion() {
    return version != NO_VERSION;
  }

  /** One line of a history; times are in microseconds. */
  @Override
  public String toString() {
    return "%d µs … %d µs: client %d at node %d: %s %s of product %d: value %d version %d (%s)"
        .formatted(
            invoked / 1_000,
            completed / 1_000,
            client,
            node,
            kind,
            outcome,
            product,
            value,
            version,
            note);
  }
}
