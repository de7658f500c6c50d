package dev.canvas.data.store;

/**
 * Identifies the catalogue that a cached value belongs to, and names its keys in Redis. A load that
 * replaces the whole catalogue starts a new generation, and so does a change of the Redis that is
 * trusted ({@link CacheTrust}); every key of the old one becomes unreachable at once. Immutable.
 *
 * @param store id of the store, which separates it from others that share the Redis
 * @param number incremented by each switch of the catalogue, and whenever a Redis is given up
 * @param redis the id of the one Redis that may be trusted; empty if none may, but a node may still
 *     do so; null if none may and no node does; {@link #ANY_REDIS}
 */
public record Generation(String store, long number, String redis) {

  /** In place of a Redis: the store keeps no record of which one may be trusted. */
  public static final String ANY_REDIS = "*";

  /** A generation of a store that keeps no record of its Redis. */
  public Generation(String store, long number) {
    this(store, number, ANY_REDIS);
  }

  /** Whether a Redis may be trusted. */
  public boolean trusts(String otherRedis) {
    return ANY_REDIS.equals(redis) || otherRedis.equals(redis);
  }

  /** Whether some Redis may be trusted. */
  public boolean hasRedis() {
    return redis != null && !redis.isEmpty();
  }

  /**
   * The key whose value is the generation that may be read, shared by all generations of the store.
   *
   * @param runId of the Redis server; a restarted server has another and may hold an old snapshot
   */
  public String markerKey(String runId) {
    return "canvas:" + runId + ":catalogue:" + store;
  }

  /**
   * The channel on which the relay tells the changes to all nodes of the store, whichever
   * generation they use.
   *
   * @param runId of the Redis server
   */
  public String changesChannel(String runId) {
    return "canvas:" + runId + ":changes:" + store;
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
