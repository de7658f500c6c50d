package dev.canvas.history;

/**
 * Between which versions a write's must lie. Immutable.
 *
 * @param low the lowest that it can have
 * @param high the highest that it can have
 */
record Range(long low, long high) {

  /** Before the first write. */
  static final Range NEVER_WRITTEN = new Range(0, 0);

  static Range exactly(long version) {
    return new Range(version, version);
  }
}
