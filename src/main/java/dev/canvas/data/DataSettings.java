package dev.canvas.data;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.couchdb.CouchDbStoreFactory;
import dev.canvas.data.postgres.PostgresStoreFactory;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.redis.RedisSettings;
import java.time.Duration;

/**
 * The settings of the data side. Immutable.
 *
 * @param store the kind of store in use
 * @param postgres the Postgres database
 * @param couchDb the CouchDB database
 * @param timeouts of the store in use
 * @param verifySample the share of the cached answers that are compared with the store, from 0 to 1
 */
public record DataSettings(
    StoreKind store,
    PostgresSettings postgres,
    CouchDbSettings couchDb,
    StoreFactory.Timeouts timeouts,
    CacheSettings cache,
    double verifySample) {

  /** The same with another kind of store. */
  public DataSettings with(StoreKind other) {
    return new DataSettings(other, postgres, couchDb, timeouts, cache, verifySample);
  }

  /** The same with other servers. */
  public DataSettings at(PostgresSettings otherPostgres, RedisSettings otherRedis) {
    return new DataSettings(
        store, otherPostgres, couchDb, timeouts, cache.at(otherRedis), verifySample);
  }

  /** The same with another share of verified answers. */
  DataSettings verifying(double share) {
    return new DataSettings(store, postgres, couchDb, timeouts, cache, share);
  }

  /** The same with another deadline for reads of the store. */
  DataSettings withReadTimeout(Duration other) {
    return new DataSettings(
        store, postgres, couchDb, timeouts.withRead(other), cache, verifySample);
  }

  /** Creates connections to the store in use. */
  StoreFactory stores() {
    return switch (store) {
      case POSTGRES -> new PostgresStoreFactory(postgres, timeouts);
      case COUCHDB -> new CouchDbStoreFactory(couchDb, timeouts);
    };
  }
}
