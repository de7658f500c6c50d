package dev.canvas.history;

/** The lowest and the highest version that a write can have. Immutable. */
record VersionRange(long low, long high) {

  /** The version before the first write. */
  static final VersionRange NEVER_WRITTEN = new VersionRange(0, 0);

  static VersionRange exactly(long version) {
    return new VersionRange(version, version);
  }
}
