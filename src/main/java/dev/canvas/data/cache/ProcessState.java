package dev.canvas.data.cache;

import dev.canvas.data.connection.OutageLog;

/**
 * What the event loops of one process share about its caches. Each part is thread-safe.
 *
 * @param near the products in the process's own memory
 * @param minimumVersions below which the process does not accept a cached value
 * @param confirmedInstalls that the relay need not repeat
 * @param redisOutages logs the outages of Redis
 * @param trustedRedis the one Redis whose values may be read
 */
public record ProcessState(
    NearCache near,
    MinimumVersions minimumVersions,
    ConfirmedInstalls confirmedInstalls,
    OutageLog redisOutages,
    TrustedRedis trustedRedis) {

  /** The empty state of a process that starts. */
  public ProcessState(CacheSettings.Near near) {
    this(
        new NearCache(near),
        new MinimumVersions(),
        new ConfirmedInstalls(),
        new OutageLog("Redis"),
        new TrustedRedis());
  }
}
