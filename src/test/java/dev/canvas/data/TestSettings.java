package dev.canvas.data;

import dev.canvas.data.cache.NearSettings;
import java.time.Duration;

/** Settings of the data side for tests. */
public final class TestSettings {

  private TestSettings() {}

  /** Waits long for busy machines; without a near cache. */
  public static DataSettings patient(String postgresUri, String redisUri) {
    return new DataSettings(
        StoreKind.POSTGRES,
        postgresUri,
        null,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        redisUri,
        Duration.ofSeconds(2),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        new NearSettings(false, 1_000_000, Duration.ofSeconds(5)));
  }

  /** The same with a near cache. */
  public static DataSettings near(String postgresUri, String redisUri) {
    DataSettings far = patient(postgresUri, redisUri);
    return new DataSettings(
        far.store(),
        far.postgresUri(),
        far.couchDb(),
        far.storeTimeout(),
        far.writeTimeout(),
        far.bulkTimeout(),
        far.redisUri(),
        far.redisTimeout(),
        far.ttl(),
        far.absentTtl(),
        new NearSettings(true, 1_000_000, Duration.ofMinutes(5)));
  }
}
