package dev.canvas.data.cache;

import dev.canvas.redis.RedisSettings;
import java.time.Duration;

/**
 * The caches in front of the store. Immutable.
 *
 * @param redis where Redis is
 * @param redisTimeout the longest that a Redis command may take before its connection counts as
 *     lost
 * @param ttl how long Redis keeps a product
 * @param absentTtl how long Redis remembers that a product has no media
 * @param near the cache in the process's own memory
 */
public record CacheSettings(
    RedisSettings redis, Duration redisTimeout, Duration ttl, Duration absentTtl, Near near) {

  /**
   * The cache in the process's own memory. Immutable.
   *
   * @param enabled whether there is one
   * @param maxBytes roughly the most memory that it uses
   * @param ttl how long it keeps a product
   */
  public record Near(boolean enabled, long maxBytes, Duration ttl) {}

  /** The same with another Redis. */
  public CacheSettings at(RedisSettings otherRedis) {
    return new CacheSettings(otherRedis, redisTimeout, ttl, absentTtl, near);
  }
}
