package dev.canvas.data;

import java.time.Duration;

/**
 * What a data verticle needs to know. Immutable.
 *
 * @param postgresUri {@code postgresql://user:password@host:port/database}
 * @param storeTimeout the longest that a statement may take before the connection counts as lost
 * @param redisUri {@code redis://host:port}
 * @param redisTimeout the longest that a command may take before the connection counts as lost
 * @param ttl the life of a product in the cache
 * @param absentTtl the life of an absence in the cache
 */
public record DataSettings(
    String postgresUri,
    Duration storeTimeout,
    String redisUri,
    Duration redisTimeout,
    Duration ttl,
    Duration absentTtl) {}
