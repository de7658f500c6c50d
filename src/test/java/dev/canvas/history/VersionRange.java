package dev.canvas.history;

/**
 * Between which versions a write's must lie. Immutable.
 *
 * @param low the lowest that it can have
 * @param high the highest that it can have
 */
record VersionRange(long low, long high) {

  /** Before the first write. */
  static final VersionRange NEVER_WRITTEN = new VersionRange(0, 0);

  static VersionRange exactly(long version) {
    return new VersionRange(version, version);
  }
}
