package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.data.DataNode;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A running service while Redis and Postgres are killed, frozen and restarted. */
class FaultIT {

  /** Each test reads products that no other test has read. */
  private static long product = 400;

  private static KillableServers servers;
  private static RunningService service;
  private static ReadProbe probe;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    service =
        new RunningService(servers.postgres().uri(), servers.redis().uri(), ReadProbe.TIMEOUTS);
    probe = new ReadProbe(service);
  }

  @AfterEach
  void recover() {
    servers.mend();
    probe.awaitTiers("UP", "UP");
    // No fault leaks a connection. Redis has one per data verticle, and two shared ones: for the
    // near cache, and for changes.
    int verticles = Runtime.getRuntime().availableProcessors();
    int expected = DataNode.postgresConnections(verticles);
    await()
        .atMost(ReadProbe.RECOVERY)
        .untilAsserted(() -> assertEquals(expected, postgresConnections()));
    await()
        .atMost(ReadProbe.RECOVERY)
        .untilAsserted(() -> assertEquals(verticles + 2, servers.redisClients() - 1));
  }

  @AfterAll
  static void stop() {
    service.close();
    servers.close();
  }

  @Test
  void killedRedisIsBypassedUntilItIsBack() {
    service.put(++product);
    assertEquals(ReadProbe.MISS, probe.source(product));
    servers.redis().kill();
    assertEquals(ReadProbe.BYPASS, probe.source(product));
    assertEquals(ReadProbe.BYPASS, probe.source(product));
    servers.redis().restart();
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.isHit(product));
  }

  @Test
  void frozenRedisIsBypassedWithinTheDeadline() {
    service.put(++product);
    assertEquals(ReadProbe.MISS, probe.source(product));
    ProcessSignals.freeze(servers.redis().pid());
    for (int i = 0; i < 20; i++) {
      assertEquals(ReadProbe.BYPASS, probe.sourceWithinDeadline(product));
    }
    ProcessSignals.thaw(servers.redis().pid());
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.isHit(product));
  }

  @Test
  void killedPostgresLeavesCachedProductsReadable() {
    service.put(++product);
    assertEquals(ReadProbe.MISS, probe.source(product));
    long cached = product;
    servers.postgres().kill();
    assertEquals(ReadProbe.HIT, probe.sourceWithinDeadline(cached));
    product++;
    probe.assertUnavailable(product);
    assertEquals(
        200,
        service.management("/health/ready").statusCode(),
        "ready, as it still serves cached products");
    servers.postgres().restart();
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.read(product).statusCode() == 404);
  }

  @Test
  void frozenPostgresMakesMissesUnavailableWithinTheDeadline() {
    ProcessSignals.freeze(servers.postgres().pid());
    for (int i = 0; i < 10; i++) {
      product++;
      probe.assertUnavailable(product);
    }
    ProcessSignals.thaw(servers.postgres().pid());
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.read(product).statusCode() == 404);
  }

  @Test
  void frozenServersAreNoticedAlthoughNobodyReads() {
    ProcessSignals.freeze(servers.postgres().pid());
    ProcessSignals.freeze(servers.redis().pid());
    probe.awaitTiers("DOWN", "DOWN");
    assertEquals(503, service.management("/health/ready").statusCode());
    ProcessSignals.thaw(servers.redis().pid());
    ProcessSignals.thaw(servers.postgres().pid());
    probe.awaitTiers("UP", "UP");
  }

  @Test
  void withBothKilledReadsAndReadinessAre503() {
    service.put(++product);
    assertEquals(ReadProbe.MISS, probe.source(product));
    servers.redis().kill();
    servers.postgres().kill();
    for (int i = 0; i < 5; i++) {
      probe.assertUnavailable(product);
    }
    probe.awaitTiers("DOWN", "DOWN");
    assertEquals(503, service.management("/health/ready").statusCode());
    assertEquals(200, service.management("/health/live").statusCode());
    servers.mend();
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.isHit(product));
  }

  @Test
  void withBothFrozenReadsAre503WithinTheDeadline() {
    ProcessSignals.freeze(servers.redis().pid());
    ProcessSignals.freeze(servers.postgres().pid());
    product++;
    for (int i = 0; i < 5; i++) {
      probe.assertUnavailable(product);
    }
  }

  @Test
  void terminatedPostgresConnectionIsReplaced() {
    service
        .database()
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = 'canvas' and pid <> pg_backend_pid()");
    await()
        .atMost(ReadProbe.RECOVERY)
        .until(
            () -> {
              product++;
              return probe.read(product).statusCode() == 404;
            });
  }

  @Test
  void flushedScriptsAreLoadedAgain() {
    servers.flushScripts();
    service.put(++product);
    await().atMost(ReadProbe.RECOVERY).until(() -> probe.isHit(product));
  }

  private static int postgresConnections() {
    return Integer.parseInt(
        service
            .database()
            .query("select count(*) from pg_stat_activity where application_name = 'canvas'"));
  }
}
