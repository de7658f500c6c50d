package dev.canvas.data.cache;

import dev.canvas.data.store.Generation;

/**
 * What the relay may do with the changes that it has read from the outbox. Immutable.
 *
 * @param generation for which it may
 */
public record RepairPermit(Kind kind, Generation generation) {

  /** The kinds of permit. */
  public enum Kind {
    /** Leave them where they are. */
    WAIT,
    /** Tell them: no cache that anybody may read can hold what was before them. */
    PUBLISH,
    /** Repair the cache, then tell them. */
    REPAIR
  }
}
