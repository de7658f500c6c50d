package dev.canvas.data;

import dev.canvas.data.cache.NearSettings;
import dev.canvas.data.couchdb.CouchDbSettings;
import java.time.Duration;

/**
 * What the data side needs to know. Immutable.
 *
 * @param store where media are kept
 * @param postgresUri {@code postgresql://user:password@host:port/database}
 * @param couchDb the database at a CouchDB
 * @param storeTimeout the longest that a read of the store may take before it counts as away
 * @param writeTimeout the longest that a commit may take before its outcome counts as unknown
 * @param bulkTimeout how long a bulk import waits for a store that stands still or is away
 * @param redisUri {@code redis://host:port} or {@code unix:///path}
 * @param redisTimeout the longest that a command may take before the connection counts as lost
 * @param ttl the life of a product in the cache
 * @param absentTtl the life of an absence in the cache
 * @param near the cache in the process's own memory
 */
public record DataSettings(
    StoreKind store,
    String postgresUri,
    CouchDbSettings couchDb,
    Duration storeTimeout,
    Duration writeTimeout,
    Duration bulkTimeout,
    String redisUri,
    Duration redisTimeout,
    Duration ttl,
    Duration absentTtl,
    NearSettings near) {

  /** The same with another deadline for reads. */
  DataSettings withStoreTimeout(Duration other) {
    return new DataSettings(
        store,
        postgresUri,
        couchDb,
        other,
        writeTimeout,
        bulkTimeout,
        redisUri,
        redisTimeout,
        ttl,
        absentTtl,
        near);
  }
}
