package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestServers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A running service while its connections to Redis and Postgres are slow, stalled or cut. */
class NetworkFaultIT {

  /** In each direction. Two exceed the Redis timeout of 200 ms; Postgres allows three (400 ms). */
  private static final Duration SLOW_FOR_REDIS = Duration.ofMillis(400);

  /** More than any deadline, even one that the loop's own lateness stretches (ADR 24). */
  private static final Duration SLOW_FOR_BOTH = Duration.ofSeconds(4);

  private static final Duration TOLERABLE = Duration.ofMillis(20);

  /** In bytes per second: a document of 20 kB takes half a second. */
  private static final long NARROW = 40_000;

  /** Each test reads products that no other test has read. */
  private static long product = 700;

  private static TcpProxy redis;
  private static TcpProxy postgres;
  private static RunningService service;
  private static ReadProbe probe;
  private static Connections atRest;

  /** The number of connections to each server. */
  private record Connections(int redis, int postgres) {}

  @BeforeAll
  static void start() {
    redis = new TcpProxy(TestServers.shared().redisUri());
    postgres = new TcpProxy(TestServers.shared().postgresUri());
    service = new RunningService(postgres.uri(), redis.uri(), ReadProbe.TIMEOUTS);
    probe = new ReadProbe(service);
    probe.awaitTiers("UP", "UP");
    atRest = connections();
  }

  @AfterEach
  void recover() {
    redis.mend();
    postgres.mend();
    probe.awaitTiers("UP", "UP");
    await().atMost(ReadProbe.RECOVERY).untilAsserted(() -> assertEquals(atRest, connections()));
  }

  @AfterAll
  static void stop() {
    service.close();
    redis.close();
    postgres.close();
  }

  @Test
  void slightlySlowRedisIsUsed() {
    cache(++product);
    redis.delay(TOLERABLE);
    long startNanos = System.nanoTime();
    assertEquals(ReadProbe.HIT, probe.sourceWithinDeadline(product));
    assertTrue(
        System.nanoTime() - startNanos >= 2 * TOLERABLE.toNanos(), "the response came from Redis");
  }

  @Test
  void tooSlowRedisIsBypassed() {
    cache(++product);
    redis.delay(SLOW_FOR_REDIS);
    for (int i = 0; i < 10; i++) {
      assertEquals(ReadProbe.BYPASS, probe.sourceWithinDeadline(product));
    }
    redis.mend();
    awaitHit();
  }

  @Test
  void redisIsBypassedWithTooLittleBandwidthForADocument() {
    String item =
        "{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/1.jpg\",\"alt\":\"%s\"}";
    service.put(++product, "[" + item.formatted("a".repeat(20_000)) + "]");
    await().until(() -> probe.isHit(product));
    redis.limit(NARROW);
    // The connection can be opened and carries small documents.
    await()
        .atMost(ReadProbe.RECOVERY)
        .until(() -> ReadProbe.BYPASS.equals(probe.sourceWithinDeadline(product)));
    redis.mend();
    awaitHit();
  }

  @Test
  void stalledRedisIsBypassedAndItsLateResponsesAreDropped() {
    cache(product + 1);
    cache(product + 2);
    redis.stall();
    for (int i = 0; i < 10; i++) {
      assertEquals(ReadProbe.BYPASS, probe.sourceWithinDeadline(product + 1 + i % 2));
    }
    redis.mend();
    product += 2;
    for (int i = 0; i < 10; i++) {
      assertEquals(200, probe.readWithinDeadline(product).statusCode());
      assertEquals(service.document(product), probe.read(product).body());
    }
    awaitHit();
  }

  @Test
  void cutConnectionToRedisFailsNoRead() {
    cache(++product);
    for (int i = 0; i < 5; i++) {
      redis.cut();
      assertEquals(200, probe.readWithinDeadline(product).statusCode());
    }
    awaitHit();
  }

  @Test
  void redisThatRefusesConnectionsIsBypassed() {
    cache(++product);
    redis.refuse();
    redis.cut();
    for (int i = 0; i < 10; i++) {
      assertEquals(ReadProbe.BYPASS, probe.sourceWithinDeadline(product));
    }
    redis.mend();
    awaitHit();
  }

  @Test
  void slightlySlowPostgresIsUsed() {
    service.put(++product);
    postgres.delay(TOLERABLE);
    assertEquals(ReadProbe.MISS, probe.sourceWithinDeadline(product));
  }

  @Test
  void tooSlowPostgresLeavesCachedProductsReadable() {
    assertOnlyCachedProductsAreReadable(() -> postgres.delay(SLOW_FOR_BOTH));
  }

  @Test
  void stalledPostgresLeavesCachedProductsReadable() {
    assertOnlyCachedProductsAreReadable(postgres::stall);
  }

  @Test
  void postgresThatRefusesConnectionsLeavesCachedProductsReadable() {
    assertOnlyCachedProductsAreReadable(
        () -> {
          postgres.refuse();
          postgres.cut();
        });
  }

  @Test
  void readsRecoverAfterACutConnectionToPostgres() {
    for (int i = 0; i < 3; i++) {
      postgres.cut();
      product++;
      await()
          .atMost(ReadProbe.RECOVERY)
          .until(() -> probe.readWithinDeadline(product).statusCode() == 404);
    }
  }

  private static Connections connections() {
    return new Connections(redis.connections(), postgres.connections());
  }

  private static void assertOnlyCachedProductsAreReadable(Runnable fault) {
    cache(++product);
    long cached = product;
    fault.run();
    for (int i = 0; i < 5; i++) {
      assertEquals(ReadProbe.HIT, probe.sourceWithinDeadline(cached));
      probe.assertUnavailable(++product);
    }
    postgres.mend();
    await()
        .atMost(ReadProbe.RECOVERY)
        .until(() -> probe.readWithinDeadline(product).statusCode() == 404);
  }

  /** Stores a product and reads it into Redis. */
  private static void cache(long stored) {
    service.put(stored);
    assertEquals(ReadProbe.MISS, probe.source(stored));
    assertEquals(ReadProbe.HIT, probe.source(stored));
  }

  private static void awaitHit() {
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.isHit(product));
  }
}
