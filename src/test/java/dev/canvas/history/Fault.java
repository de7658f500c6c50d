package dev.canvas.history;

/**
 * A failure that is injected for a while.
 *
 * @param name as {@code perf/history --faults} takes it
 * @param victim two faults of one victim are never injected together
 * @param begin injects it
 * @param repeat called repeatedly while it lasts
 * @param end heals it
 */
record Fault(String name, Victim victim, Runnable begin, Runnable repeat, Runnable end) {

  /** What fails. */
  enum Victim {
    /** The cache, or the link to it. */
    REDIS,
    /** The store, or the link to it. */
    POSTGRES,
    /** A process of the service. */
    NODE
  }

  static Fault of(String name, Victim victim, Runnable begin, Runnable end) {
    return new Fault(name, victim, begin, () -> {}, end);
  }

  /** A fault that consists of repeated short ones. */
  static Fault repeated(String name, Victim victim, Runnable repeat) {
    return new Fault(name, victim, () -> {}, repeat, () -> {});
  }
}
