package dev.canvas.history;

/**
 * One call of one client, from the moment before it was sent to the moment after its answer.
 * Immutable.
 *
 * @param client who called; a client calls nothing else meanwhile
 * @param node which process of the service was asked
 * @param product whose media
 * @param value what tells a write from all others; of a read what it found, or {@link #ABSENT}
 * @param version the product's after the call, or {@link #NO_VERSION}
 * @param invoked before it was sent, in nanoseconds of the one clock
 * @param completed after the answer, or when there was none any more
 * @param note how it was asked and who answered, for whoever looks at a violation
 * @param replaces of a write the value that it was to replace, and no other; {@link #ABSENT} where
 *     it named none
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

  /** The node of those who write past every process of the service, by SQL. */
  static final int DATABASE = -1;

  /** The value of a read that found no media. */
  static final long ABSENT = 0;

  /** The version of an answer that has none, as those of the first service's API. */
  static final long NO_VERSION = 0;

  /** A call that names no value to replace. */
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

  /** What a client does. */
  enum Kind {
    /** Reads a product. */
    READ,
    /** Gives it other media. */
    WRITE,
    /** Takes its media away. */
    DELETE
  }

  /** What a client knows afterwards. */
  enum Outcome {
    /** It was done: a 2xx, and the 404 of a read. */
    OK,
    /** It was not done and will not be. */
    FAILED,
    /** It was not done, as what it was to replace was not there: 412. */
    REFUSED,
    /** It was done, will be, or will not. */
    UNKNOWN
  }

  boolean isRead() {
    return kind == Kind.READ;
  }

  boolean isOk() {
    return outcome == Outcome.OK;
  }

  /** Whether it was not done, for whatever reason. */
  boolean hasFailed() {
    return outcome == Outcome.FAILED || outcome == Outcome.REFUSED;
  }

  /** Whether it is a write that was to replace one value and no other. */
  boolean isConditional() {
    return replaces != ABSENT;
  }

  boolean hasVersion() {
    return version != NO_VERSION;
  }

  /** One line of a history, times in microseconds. */
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
