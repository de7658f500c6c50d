package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Signals;
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

/** Imports that are under way while a server stands still, or is away for a while. */
class BulkFaultIT {

  private static final int LINES = 12_000;

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
    service.database().execute("truncate product_media");
  }

  @AfterAll
  static void stop() {
    service.close();
    servers.close();
  }

  @Test
  void noLineIsLostWherePostgresStandsStillForSeconds() throws Exception {
    HeldBody body = new HeldBody(LINES);
    CompletableFuture<List<JsonObject>> answers = importing(body);
    await().until(() -> products() > 0);
    Signals.freeze(servers.postgres().pid());
    body.release();
    // A single write gives up after two seconds.
    assertEquals(503, put().statusCode());
    Signals.thaw(servers.postgres().pid());
    assertAllMade(answers.get());
  }

  @Test
  void noLineIsLostWhereACommitWaitsForOthersForSeconds() throws Exception {
    HeldBody body = new HeldBody(LINES);
    CompletableFuture<List<JsonObject>> answers = importing(body);
    await().until(() -> products() > 0);
    try (Connection other = service.database().dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("lock table product_media in share row exclusive mode");
      body.release();
      assertEquals(503, put().statusCode());
      other.commit();
    }
    assertAllMade(answers.get());
  }

  @Test
  void noLineIsLostWhereRedisStandsStillWhileMoreIsCommittedThanMayWaitForItsRepair()
      throws Exception {
    HeldBody body = new HeldBody(LINES);
    CompletableFuture<List<JsonObject>> answers = importing(body);
    await().until(() -> products() > 0);
    Signals.freeze(servers.redis().pid());
    body.release();
    await().until(() -> products() > LINES / 2 + 5_000);
    Signals.thaw(servers.redis().pid());
    assertAllMade(answers.get());
  }

  @Test
  void wherePostgresIsKilledOnlyWhatWasBeingCommittedIsUncertainAndNothingIsRefused()
      throws Exception {
    HeldBody body = new HeldBody(LINES);
    CompletableFuture<List<JsonObject>> answers = importing(body);
    await().until(() -> products() > 0);
    servers.postgres().kill();
    body.release();
    assertEquals(503, put().statusCode());
    servers.postgres().restart();
    Map<String, Long> problems =
        answers.get().stream()
            .filter(answer -> answer.getInteger("status") != 201)
            .collect(
                Collectors.groupingBy(answer -> answer.getString("type"), Collectors.counting()));
    problems.remove("urn:canvas:problem:outcome-unknown");
    assertEquals(Map.of(), problems);
    long made = answers.get().stream().filter(each -> each.getInteger("status") == 201).count();
    assertTrue(products() >= made, products() + " of " + made);
  }

  @Test
  void afterALongOutageLinesAreRefusedAndThoseBehindThemAtOnce() {
    Map<String, String> hasty =
        Map.of(
            "CANVAS_POSTGRES_TIMEOUT", "400ms",
            "CANVAS_POSTGRES_WRITE_TIMEOUT", "400ms",
            "CANVAS_POSTGRES_BULK_TIMEOUT", "1s");
    try (RunningService other =
        new RunningService(servers.postgres().uri(), servers.redis().uri(), hasty)) {
      servers.postgres().kill();
      long began = System.nanoTime();
      List<JsonObject> answers = BulkIT.bulk(other, lines(0, LINES));
      long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
      assertEquals(LINES, answers.size());
      for (JsonObject answer : answers) {
        assertEquals("urn:canvas:problem:unavailable", answer.getString("type"));
      }
      // Six windows, each of which would wait for a second or two if it were by itself.
      assertTrue(seconds < 5, seconds + " s");
      servers.postgres().restart();
      await().until(() -> BulkIT.bulk(other, lines(0, 1)).get(0).getInteger("status") == 201);
    }
  }

  private static CompletableFuture<List<JsonObject>> importing(HeldBody body) {
    return CompletableFuture.supplyAsync(
        () -> {
          String answers =
              service.send("POST", "/api/media/bulk", "application/x-ndjson", body).body();
          return answers.lines().map(JsonObject::new).toList();
        });
  }

  private static void assertAllMade(List<JsonObject> answers) {
    for (JsonObject answer : answers) {
      assertEquals(201, answer.getInteger("status"), answer.encode());
    }
    assertEquals(LINES, answers.size());
    assertEquals(LINES, products());
  }

  private static HttpResponse<String> put() {
    return service.write("PUT", BulkIT.media(1_000_000), "{\"media\":[]}");
  }

  private static int products() {
    // The single write may be there or not: nobody has told.
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
