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

/** Redis and Postgres slow, silent and cut off from a service that goes on. */
class NetworkFaultIT {

  /** Each way: two of it pass Redis's deadline of 200 ms, and of Postgres's of 400 ms only four. */
  private static final Duration SLOW_FOR_REDIS = Duration.ofMillis(120);

  private static final Duration SLOW_FOR_BOTH = Duration.ofMillis(250);
  private static final Duration BEARABLE = Duration.ofMillis(20);

  /** A document of 20 kB takes half a second. */
  private static final long NARROW = 40_000;

  /** The product of one test: no other has asked for it. */
  private static long product = 700;

  private static TcpProxy redis;
  private static TcpProxy postgres;
  private static RunningService service;
  private static Reads reads;
  private static Standing atRest;

  /** How many connections stand to each server. */
  private record Standing(int redis, int postgres) {}

  @BeforeAll
  static void start() {
    redis = new TcpProxy(TestServers.shared().redisUri());
    postgres = new TcpProxy(TestServers.shared().postgresUri());
    service = new RunningService(postgres.uri(), redis.uri(), Reads.DEADLINES);
    reads = new Reads(service);
    reads.awaitTiers("UP", "UP");
    atRest = standing();
  }

  @AfterEach
  void everythingIsBack() {
    redis.mend();
    postgres.mend();
    reads.awaitTiers("UP", "UP");
    await().atMost(Reads.BACK).untilAsserted(() -> assertEquals(atRest, standing()));
  }

  @AfterAll
  static void stop() {
    service.close();
    redis.close();
    postgres.close();
  }

  @Test
  void aRedisThatIsABitSlowIsStillAsked() {
    cache(++product);
    redis.delay(BEARABLE);
    long began = System.nanoTime();
    assertEquals(Reads.HIT, reads.sourceSoon(product));
    assertTrue(System.nanoTime() - began >= 2 * BEARABLE.toNanos(), "its answer was waited for");
  }

  @Test
  void withRedisTooSlowReadsComeFromPostgres() {
    cache(++product);
    redis.delay(SLOW_FOR_REDIS);
    for (int i = 0; i < 10; i++) {
      assertEquals(Reads.BYPASS, reads.sourceSoon(product));
    }
    redis.mend();
    awaitHit();
  }

  @Test
  void withALineToRedisTooNarrowForADocumentReadsComeFromPostgres() {
    String item =
        "{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/1.jpg\",\"alt\":\"%s\"}";
    service.put(++product, "[" + item.formatted("a".repeat(20_000)) + "]");
    await().until(() -> reads.isHit(product));
    redis.limit(NARROW);
    // A connection is made on such a line, and does for the small.
    await().atMost(Reads.BACK).until(() -> Reads.BYPASS.equals(reads.sourceSoon(product)));
    redis.mend();
    awaitHit();
  }

  @Test
  void whileRedisIsSilentNoReadFailsAndItsLateAnswersReachNobody() {
    cache(product + 1);
    cache(product + 2);
    redis.stall();
    for (int i = 0; i < 10; i++) {
      assertEquals(Reads.BYPASS, reads.sourceSoon(product + 1 + i % 2));
    }
    redis.mend();
    product += 2;
    for (int i = 0; i < 10; i++) {
      assertEquals(200, reads.readSoon(product).statusCode());
      assertEquals(service.document(product), reads.read(product).body());
    }
    awaitHit();
  }

  @Test
  void whenTheLineToRedisIsCutNoReadFails() {
    cache(++product);
    for (int i = 0; i < 5; i++) {
      redis.cut();
      assertEquals(200, reads.readSoon(product).statusCode());
    }
    awaitHit();
  }

  @Test
  void whileRedisRefusesReadsComeFromPostgres() {
    cache(++product);
    redis.refuse();
    redis.cut();
    for (int i = 0; i < 10; i++) {
      assertEquals(Reads.BYPASS, reads.sourceSoon(product));
    }
    redis.mend();
    awaitHit();
  }

  @Test
  void aPostgresThatIsABitSlowIsStillAsked() {
    service.put(++product);
    postgres.delay(BEARABLE);
    assertEquals(Reads.MISS, reads.sourceSoon(product));
  }

  @Test
  void withPostgresTooSlowCachedProductsAreServedAndOthersAreToldToComeAgain() {
    assertOnlyCachedAreServed(() -> postgres.delay(SLOW_FOR_BOTH));
  }

  @Test
  void whilePostgresIsSilentCachedProductsAreServedAndOthersAreToldToComeAgain() {
    assertOnlyCachedAreServed(postgres::stall);
  }

  @Test
  void whilePostgresRefusesCachedProductsAreServedAndOthersAreToldToComeAgain() {
    assertOnlyCachedAreServed(
        () -> {
          postgres.refuse();
          postgres.cut();
        });
  }

  @Test
  void whenTheLineToPostgresIsCutReadsGoOnSoon() {
    for (int i = 0; i < 3; i++) {
      postgres.cut();
      product++;
      await().atMost(Reads.BACK).until(() -> reads.readSoon(product).statusCode() == 404);
    }
  }

  private static Standing standing() {
    return new Standing(redis.connections(), postgres.connections());
  }

  private static void assertOnlyCachedAreServed(Runnable fault) {
    cache(++product);
    long cached = product;
    fault.run();
    for (int i = 0; i < 5; i++) {
      assertEquals(Reads.HIT, reads.sourceSoon(cached));
      reads.assertUnavailable(++product);
    }
    postgres.mend();
    await().atMost(Reads.BACK).until(() -> reads.readSoon(product).statusCode() == 404);
  }

  /** Stores a product and has it in Redis. */
  private static void cache(long stored) {
    service.put(stored);
    assertEquals(Reads.MISS, reads.source(stored));
    assertEquals(Reads.HIT, reads.source(stored));
  }

  private static void awaitHit() {
    await().atMost(Reads.BACK).until(() -> reads.isHit(product));
  }
}
