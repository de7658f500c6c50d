package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Running imports while a server is frozen, blocked or killed. */
class BulkFaultIT {

  private static final int LINES = 12_000;

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
    service.database().execute("truncate product_media");
  }

  @AfterAll
  static void stop() {
    service.close();
    servers.close();
  }

  @Test
  void frozenPostgresLosesNoLine() throws Exception {
    PausedBody body = new PausedBody(LINES);
    CompletableFuture<List<JsonObject>> results = importing(body);
    await().until(() -> products() > 0);
    ProcessSignals.freeze(servers.postgres().pid());
    body.resume();
    // A single write times out after two seconds.
    assertEquals(503, put().statusCode());
    ProcessSignals.thaw(servers.postgres().pid());
    assertAllCreated(results.get());
  }

  @Test
  void blockedCommitLosesNoLine() throws Exception {
    PausedBody body = new PausedBody(LINES);
    CompletableFuture<List<JsonObject>> results = importing(body);
    await().until(() -> products() > 0);
    try (Connection other = service.database().dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("lock table product_media in share row exclusive mode");
      body.resume();
      assertEquals(503, put().statusCode());
      other.commit();
    }
    assertAllCreated(results.get());
  }

  @Test
  void frozenRedisLosesNoLineWhenRepairsExceedTheirLimit() throws Exception {
    PausedBody body = new PausedBody(LINES);
    CompletableFuture<List<JsonObject>> results = importing(body);
    await().until(() -> products() > 0);
    ProcessSignals.freeze(servers.redis().pid());
    long committed = products();
    body.resume();
    // As many as may wait for their repair; the rest of the lines waits too.
    await().until(() -> products() >= committed + 5_000);
    ProcessSignals.thaw(servers.redis().pid());
    assertAllCreated(results.get());
  }

  @Test
  void killedPostgresLeavesOnlyCommitsInProgressUncertain() throws Exception {
    PausedBody body = new PausedBody(LINES);
    CompletableFuture<List<JsonObject>> results = importing(body);
    await().until(() -> products() > 0);
    servers.postgres().kill();
    body.resume();
    assertEquals(503, put().statusCode());
    servers.postgres().restart();
    Map<String, Long> problems =
        results.get().stream()
            .filter(result -> result.getInteger("status") != 201)
            .collect(
                Collectors.groupingBy(result -> result.getString("type"), Collectors.counting()));
    problems.remove("urn:canvas:problem:outcome-unknown");
    assertEquals(Map.of(), problems);
    long created = results.get().stream().filter(each -> each.getInteger("status") == 201).count();
    assertTrue(products() >= created, products() + " of " + created);
  }

  @Test
  void longOutageRefusesLinesAndLaterOnesImmediately() {
    Map<String, String> shortTimeouts =
        Map.of(
            "CANVAS_POSTGRES_TIMEOUT", "400ms",
            "CANVAS_POSTGRES_WRITE_TIMEOUT", "400ms",
            "CANVAS_POSTGRES_BULK_TIMEOUT", "5s");
    try (RunningService other =
        new RunningService(servers.postgres().uri(), servers.redis().uri(), shortTimeouts)) {
      servers.postgres().kill();
      long startNanos = System.nanoTime();
      List<JsonObject> results = BulkIT.bulk(other, lines(0, LINES));
      long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
      assertEquals(LINES, results.size());
      for (JsonObject result : results) {
        assertEquals("urn:canvas:problem:unavailable", result.getString("type"));
      }
      // Six windows, each of which would wait for five seconds on its own.
      assertTrue(seconds < 25, seconds + " s");
      servers.postgres().restart();
      await().until(() -> BulkIT.bulk(other, lines(0, 1)).get(0).getInteger("status") == 201);
    }
  }

  private static CompletableFuture<List<JsonObject>> importing(PausedBody body) {
    return CompletableFuture.supplyAsync(
        () -> {
          String results =
              service.send("POST", "/api/media/bulk", "application/x-ndjson", body).body();
          return results.lines().map(JsonObject::new).toList();
        });
  }

  private static void assertAllCreated(List<JsonObject> results) {
    for (JsonObject result : results) {
      assertEquals(201, result.getInteger("status"), result.encode());
    }
    assertEquals(LINES, results.size());
    assertEquals(LINES, products());
  }

  private static HttpResponse<String> put() {
    return service.write("PUT", BulkIT.media(1_000_000), "{\"media\":[]}");
  }

  private static int products() {
    // Excludes the single write, whose outcome is unknown.
    return Integer.parseInt(
        service.database().query("select count(*) from product_media where product_id < " + LINES));
  }

  static String lines(int first, int end) {
    StringBuilder lines = new StringBuilder();
    for (int id = first; id < end; id++) {
      lines.append(BulkIT.line(id, BulkIT.item(1)));
    }
    return lines.toString();
  }
}
