package dev.canvas.history;

/**
 * Something that goes wrong for a while.
 *
 * @param name as {@code --faults} takes it
 * @param victim two faults of one victim are not made at once
 * @param begin makes it
 * @param repeat done again and again meanwhile
 * @param end takes it away
 */
record Fault(String name, Victim victim, Runnable begin, Runnable repeat, Runnable end) {

  /** Who suffers. */
  enum Victim {
    /** The cache, or the way to it. */
    REDIS,
    /** The store, or the way to it. */
    POSTGRES,
    /** A process of the service. */
    NODE
  }

  static Fault of(String name, Victim victim, Runnable begin, Runnable end) {
    return new Fault(name, victim, begin, () -> {}, end);
  }

  /** One that consists of many. */
  static Fault repeated(String name, Victim victim, Runnable repeat) {
    return new Fault(name, victim, () -> {}, repeat, () -> {});
  }
}
