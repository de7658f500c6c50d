package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scaling that is refused: Postgres has too few connections, or does not respond. */
class ScaleRefusedIT {

  private static final String TWO_DATA_VERTICLES =
      "{\"verticles\":[{\"role\":\"http\",\"instances\":1},{\"role\":\"data\",\"instances\":2}]}";

  private static KillableServers servers;
  private static RunningService service;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    service =
        new RunningService(
            servers.postgres().uri(),
            servers.redis().uri(),
            Map.of(
                "CANVAS_HTTP_INSTANCES",
                "1",
                "CANVAS_DATA_INSTANCES",
                "2",
                "CANVAS_REDIS_TIMEOUT",
                "400ms",
                "CANVAS_POSTGRES_TIMEOUT",
                "450ms"));
    // Of 25 connections, three are reserved for superusers and two for another role. The other
    // twenty allow two for the process and eighteen for six data verticles.
    service.database().execute("alter system set max_connections = 25");
    service.database().execute("alter system set reserved_connections = 2");
    servers.postgres().restart();
    awaitConnectionsOfBoth();
  }

  @AfterEach
  void numberOfVerticlesIsUnchanged() {
    servers.mend();
    assertEquals(TWO_DATA_VERTICLES, service.management("/verticles").body());
    awaitConnectionsOfBoth();
  }

  @AfterAll
  static void stop() {
    service.close();
    servers.close();
  }

  @Test
  void tooManyVerticlesForTheConnectionsAreRefusedWithTheNumbers() {
    String detail = refusal(409, "urn:canvas:problem:capacity-exceeded", 7);
    assertTrue(detail.startsWith("7 data verticles need 23 connections"), detail);
    assertTrue(detail.contains("max_connections is 25, of which 5 are reserved"), detail);
  }

  @Test
  void asManyVerticlesAsConnectionsAllowAreDeployed() {
    await().until(() -> scale(6).statusCode() == 200);
    assertEquals(200, scale(2).statusCode());
  }

  @Test
  void scalingIsRefusedWithoutPostgres() {
    servers.postgres().kill();
    refusal(503, "urn:canvas:problem:unavailable", 3);
  }

  @Test
  void frozenPostgresIsReportedWithinSeconds() {
    ProcessSignals.freeze(servers.postgres().pid());
    long startNanos = System.nanoTime();
    refusal(503, "urn:canvas:problem:unavailable", 3);
    assertTrue(Duration.ofNanos(System.nanoTime() - startNanos).toSeconds() < 15);
  }

  @Test
  void verticleThatFailsToStartLeavesTheOthersRunning() {
    service.database().execute("alter table product_media rename to elsewhere");
    try {
      String detail = refusal(503, "urn:canvas:problem:deployment-failed", 4);
      assertTrue(detail.contains("product_media"), detail);
      assertTrue(detail.contains("The number of data verticles is unchanged: 2"), detail);
    } finally {
      service.database().execute("alter table elsewhere rename to product_media");
    }
  }

  private static String refusal(int status, String type, int instances) {
    HttpResponse<String> refused = scale(instances);
    assertEquals(status, refused.statusCode(), refused.body());
    JsonObject problem = new JsonObject(refused.body());
    assertEquals(type, problem.getString("type"));
    return problem.getString("detail");
  }

  private static HttpResponse<String> scale(int instances) {
    return service.manage(
        "POST",
        "/verticles",
        new JsonObject().put("role", "data").put("instances", instances).encode());
  }

  /** Checks that each data verticle has its connections, and that a failed one has left none. */
  private static void awaitConnectionsOfBoth() {
    await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertEquals(
                    "8",
                    service
                        .database()
                        .query(
                            "select count(*) from pg_stat_activity where application_name ="
                                + " 'canvas' and datname = current_database()")));
  }
}
