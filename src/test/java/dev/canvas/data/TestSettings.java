package dev.canvas.data;

import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.redis.RedisSettings;
import java.time.Duration;

/** Settings of the data side for tests. */
public final class TestSettings {

  private static final CacheSettings.Near NO_NEAR_CACHE =
      new CacheSettings.Near(false, 1_000_000, Duration.ofSeconds(5));

  private TestSettings() {}

  /** Deadlines that a busy machine meets, and no near cache. */
  public static DataSettings patient(String postgresUri, String redisUri) {
    return settings(postgresUri, redisUri, NO_NEAR_CACHE);
  }

  /** The same with a near cache. */
  public static DataSettings near(String postgresUri, String redisUri) {
    return settings(
        postgresUri, redisUri, new CacheSettings.Near(true, 1_000_000, Duration.ofMinutes(5)));
  }

  /** The cache alone, without a near cache. */
  public static CacheSettings cache(String redisUri) {
    return cache(redisUri, NO_NEAR_CACHE);
  }

  private static DataSettings settings(
      String postgresUri, String redisUri, CacheSettings.Near near) {
    return new DataSettings(
        StoreKind.POSTGRES,
        PostgresSettings.of(postgresUri),
        null,
        new StoreFactory.Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10)),
        cache(redisUri, near),
        0);
  }

  private static CacheSettings cache(String redisUri, CacheSettings.Near near) {
    return new CacheSettings(
        RedisSettings.of(redisUri),
        Duration.ofSeconds(2),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        near);
  }
}
