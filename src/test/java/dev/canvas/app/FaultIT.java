package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.data.DataNode;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Signals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis and Postgres killed, frozen and started again under a service that goes on. */
class FaultIT {

  /** The product of one test: no other has asked for it. */
  private static long product = 400;

  private static KillableServers servers;
  private static RunningService service;
  private static Reads reads;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    service = new RunningService(servers.postgres().uri(), servers.redis().uri(), Reads.DEADLINES);
    reads = new Reads(service);
  }

  @AfterEach
  void everythingIsBack() {
    servers.mend();
    reads.awaitTiers("UP", "UP");
    // No fault leaves a connection behind. To Redis each data verticle has one, and all of them
    // one.
    int verticles = Runtime.getRuntime().availableProcessors();
    int expected = DataNode.postgresConnections(verticles);
    await().atMost(Reads.BACK).untilAsserted(() -> assertEquals(expected, postgresConnections()));
    await()
        .atMost(Reads.BACK)
        .untilAsserted(() -> assertEquals(verticles + 1, servers.redisClients() - 1));
  }

  @AfterAll
  static void stop() {
    service.close();
    servers.close();
  }

  @Test
  void withRedisKilledReadsComeFromPostgresAndSaySoUntilItIsBack() {
    service.put(++product);
    assertEquals(Reads.MISS, reads.source(product));
    servers.redis().kill();
    assertEquals(Reads.BYPASS, reads.source(product));
    assertEquals(Reads.BYPASS, reads.source(product));
    servers.redis().restart();
    await().atMost(Reads.BACK).until(() -> reads.isHit(product));
  }

  @Test
  void withRedisFrozenNoReadFailsOrWaitsLong() {
    service.put(++product);
    assertEquals(Reads.MISS, reads.source(product));
    Signals.freeze(servers.redis().pid());
    for (int i = 0; i < 20; i++) {
      assertEquals(Reads.BYPASS, reads.sourceSoon(product));
    }
    Signals.thaw(servers.redis().pid());
    await().atMost(Reads.BACK).until(() -> reads.isHit(product));
  }

  @Test
  void withPostgresKilledCachedProductsAreServedAndOthersAreToldToComeAgain() {
    service.put(++product);
    assertEquals(Reads.MISS, reads.source(product));
    long cached = product;
    servers.postgres().kill();
    assertEquals(Reads.HIT, reads.sourceSoon(cached));
    product++;
    reads.assertUnavailable(product);
    assertEquals(200, service.management("/health/ready").statusCode(), "still of use");
    servers.postgres().restart();
    await().atMost(Reads.BACK).until(() -> reads.read(product).statusCode() == 404);
  }

  @Test
  void withPostgresFrozenAMissIsToldToComeAgainAndNothingWaits() {
    Signals.freeze(servers.postgres().pid());
    for (int i = 0; i < 10; i++) {
      product++;
      reads.assertUnavailable(product);
    }
    Signals.thaw(servers.postgres().pid());
    await().atMost(Reads.BACK).until(() -> reads.read(product).statusCode() == 404);
  }

  @Test
  void withBothAwayTheAnswerIs503WithinTheDeadlinesAndReadinessSaysSo() {
    service.put(++product);
    assertEquals(Reads.MISS, reads.source(product));
    servers.redis().kill();
    servers.postgres().kill();
    for (int i = 0; i < 5; i++) {
      reads.assertUnavailable(product);
    }
    reads.awaitTiers("DOWN", "DOWN");
    assertEquals(503, service.management("/health/ready").statusCode());
    assertEquals(200, service.management("/health/live").statusCode());
    servers.mend();
    await().atMost(Reads.BACK).until(() -> reads.isHit(product));
  }

  @Test
  void withBothFrozenTheAnswerIs503WithinTheDeadlines() {
    Signals.freeze(servers.redis().pid());
    Signals.freeze(servers.postgres().pid());
    product++;
    for (int i = 0; i < 5; i++) {
      reads.assertUnavailable(product);
    }
  }

  @Test
  void aConnectionThatPostgresEndsIsMadeAnew() {
    service
        .database()
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = 'canvas' and pid <> pg_backend_pid()");
    await()
        .atMost(Reads.BACK)
        .until(
            () -> {
              product++;
              return reads.read(product).statusCode() == 404;
            });
  }

  @Test
  void scriptsThatRedisHasForgottenAreLoadedAgain() {
    servers.flushScripts();
    service.put(++product);
    await().atMost(Reads.BACK).until(() -> reads.isHit(product));
  }

  private static int postgresConnections() {
    return Integer.parseInt(
        service
            .database()
            .query("select count(*) from pg_stat_activity where application_name = 'canvas'"));
  }
}
