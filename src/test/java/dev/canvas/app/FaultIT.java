package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.DataNode;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Signals;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis and Postgres killed, frozen and started again under a service that goes on. */
class FaultIT {

  private static final String MISS = "canvas; fwd=miss; detail=postgres";
  private static final String HIT = "canvas; hit; detail=redis";
  private static final String BYPASS = "canvas; fwd=bypass; detail=postgres";

  /** The product of one test: no other has asked for it. */
  private static long product = 400;

  private static KillableServers servers;
  private static RunningService service;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    service = new RunningService(servers.postgres().uri(), servers.redis().uri(), Map.of());
  }

  @AfterEach
  void everythingIsBack() {
    servers.mend();
    awaitTiers("UP", "UP");
    // No fault leaves a connection behind. To Redis each data verticle has one, and all of them
    // one.
    int verticles = Runtime.getRuntime().availableProcessors();
    int expected = DataNode.postgresConnections(verticles);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertEquals(expected, postgresConnections()));
    await()
        .atMost(Duration.ofSeconds(5))
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
    assertEquals(MISS, status(read()));
    servers.redis().kill();
    assertEquals(BYPASS, status(read()));
    assertEquals(BYPASS, status(read()));
    servers.redis().restart();
    await().atMost(Duration.ofSeconds(2)).until(FaultIT::isHit);
  }

  @Test
  void withRedisFrozenNoReadFailsOrWaitsLong() {
    service.put(++product);
    assertEquals(MISS, status(read()));
    Signals.freeze(servers.redis().pid());
    for (int i = 0; i < 20; i++) {
      Timed timed = timed();
      assertEquals(BYPASS, status(timed.answer));
      assertTrue(timed.millis < 250, timed.millis + " ms");
    }
    Signals.thaw(servers.redis().pid());
    await().atMost(Duration.ofSeconds(3)).until(FaultIT::isHit);
  }

  @Test
  void withPostgresKilledCachedProductsAreServedAndOthersAreToldToComeAgain() {
    service.put(++product);
    assertEquals(MISS, status(read()));
    long cached = product;
    servers.postgres().kill();
    assertEquals(HIT, status(service.get("/api/products/" + cached + "/media")));
    product++;
    Timed timed = timed();
    assertUnavailable(timed.answer);
    assertTrue(timed.millis < 250, timed.millis + " ms");
    assertEquals(200, service.management("/health/ready").statusCode(), "still of use");
    servers.postgres().restart();
    await().atMost(Duration.ofSeconds(3)).until(() -> read().statusCode() == 404);
  }

  @Test
  void withPostgresFrozenAMissIsToldToComeAgainAndNothingWaits() {
    Signals.freeze(servers.postgres().pid());
    for (int i = 0; i < 10; i++) {
      product++;
      Timed timed = timed();
      assertUnavailable(timed.answer);
      assertTrue(timed.millis < 250, timed.millis + " ms");
    }
    Signals.thaw(servers.postgres().pid());
    await().atMost(Duration.ofSeconds(3)).until(() -> read().statusCode() == 404);
  }

  @Test
  void withBothAwayTheAnswerIs503WithinAQuarterSecondAndReadinessSaysSo() {
    service.put(++product);
    assertEquals(MISS, status(read()));
    servers.redis().kill();
    servers.postgres().kill();
    for (int i = 0; i < 5; i++) {
      Timed timed = timed();
      assertUnavailable(timed.answer);
      assertTrue(timed.millis < 250, timed.millis + " ms");
    }
    awaitTiers("DOWN", "DOWN");
    assertEquals(503, service.management("/health/ready").statusCode());
    assertEquals(200, service.management("/health/live").statusCode());
    servers.mend();
    await().atMost(Duration.ofSeconds(3)).until(FaultIT::isHit);
  }

  @Test
  void withBothFrozenTheAnswerIs503WithinAQuarterSecond() {
    Signals.freeze(servers.redis().pid());
    Signals.freeze(servers.postgres().pid());
    product++;
    for (int i = 0; i < 5; i++) {
      Timed timed = timed();
      assertUnavailable(timed.answer);
      assertTrue(timed.millis < 250, timed.millis + " ms");
    }
  }

  @Test
  void aConnectionThatPostgresEndsIsMadeAnew() {
    service.database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where application_name = 'canvas' and pid <> pg_backend_pid()");
    await()
        .atMost(Duration.ofSeconds(2))
        .until(
            () -> {
              product++;
              return read().statusCode() == 404;
            });
  }

  @Test
  void scriptsThatRedisHasForgottenAreLoadedAgain() {
    servers.flushScripts();
    service.put(++product);
    await().atMost(Duration.ofSeconds(2)).until(FaultIT::isHit);
  }

  private static int postgresConnections() {
    return Integer.parseInt(
        service.database.query(
            "select count(*) from pg_stat_activity where application_name = 'canvas'"));
  }

  private static HttpResponse<String> read() {
    return service.get("/api/products/" + product + "/media");
  }

  private static boolean isHit() {
    return HIT.equals(read().headers().firstValue("Cache-Status").orElse(""));
  }

  private static Timed timed() {
    long began = System.nanoTime();
    HttpResponse<String> answer = read();
    return new Timed(answer, Duration.ofNanos(System.nanoTime() - began).toMillis());
  }

  private record Timed(HttpResponse<String> answer, long millis) {}

  private static String status(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue("Cache-Status").orElseThrow();
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode(), answer.body());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("urn:canvas:problem:unavailable", new JsonObject(answer.body()).getString("type"));
  }

  /** Each data verticle answers for itself, so several answers in a row have to agree. */
  private static void awaitTiers(String cache, String store) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              for (int i = 0; i < 4; i++) {
                var checks =
                    new JsonObject(service.management("/health/ready").body())
                        .getJsonArray("checks");
                if (!checks.getJsonObject(0).getString("status").equals(cache)
                    || !checks.getJsonObject(1).getString("status").equals(store)) {
                  return false;
                }
              }
              return true;
            });
  }
}
