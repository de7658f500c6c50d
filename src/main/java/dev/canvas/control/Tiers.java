package dev.canvas.control;

/**
 * Which servers behind a process can be reached. Immutable.
 *
 * @param cache whether all data verticles are connected to Redis
 * @param store whether all data verticles are connected to the store
 * @param cacheTrouble why Redis cannot be used as it should; null while all is well
 * @param storeTrouble the same of the store
 */
public record Tiers(boolean cache, boolean store, String cacheTrouble, String storeTrouble) {

  /** Of nodes that do not tell their troubles. */
  public Tiers(boolean cache, boolean store) {
    this(cache, store, null, null);
  }

  /** Whether at least some products can be read. */
  public boolean canRead() {
    return cache || store;
  }
}
