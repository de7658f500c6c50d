package dev.canvas.control;

/**
 * Which servers behind a process can be reached. Immutable.
 *
 * @param cache whether all data verticles are connected to Redis
 * @param store whether all data verticles are connected to the store
 */
public record Tiers(boolean cache, boolean store) {

  /** Whether at least some products can be read. */
  public boolean canRead() {
    return cache || store;
  }
}
