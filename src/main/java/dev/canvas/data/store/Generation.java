package dev.canvas.data.store;

/**
 * Identifies the catalogue that a cached value belongs to, and names its keys in Redis. A load that
 * replaces the whole catalogue starts a new generation, so every key of the old one becomes
 * unreachable at once. Immutable.
 *
 * @param store id of the store, which separates it from others that share the Redis
 * @param number incremented by each switch of the catalogue
 */
public record Generation(String store, long number) {

  /**
   * The key whose value is the generation that may be read, shared by all generations of the store.
   *
   * @param runId of the Redis server; a restarted server has another and may hold an old snapshot
   */
  public String markerKey(String runId) {
    return "canvas:" + runId + ":catalogue:" + store;
  }

  /**
   * What every key of this generation begins with.
   *
   * @param runId of the Redis server
   */
  public String keyPrefix(String runId) {
    return "canvas:" + runId + ":" + number;
  }
}
