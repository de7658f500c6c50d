package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.embedded.DebianPostgres;
import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes with near caches and a Redis full of what the store has lost: it was restored to an
 * earlier moment, or a standby was promoted that lacks confirmed writes. The commands are those of
 * {@code docs/operations.md}.
 */
class RestoreIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LOST_WRITES = 10_000;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CANVAS_POSTGRES_TIMEOUT", "5s",
          "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s",
          "CANVAS_REDIS_TIMEOUT", "1s",
          "CANVAS_DATA_INSTANCES", "1",
          "CANVAS_CACHE_NEAR_ENABLED", "true");

  /** The products of before that are changed afterwards, and those that are created then. */
  private static final List<Long> CHANGED = LongStream.rangeClosed(1, 20).boxed().toList();

  private static final List<Long> CREATED = LongStream.rangeClosed(21, 40).boxed().toList();

  private final RedisServer redis = KillableServers.anotherRedis();
  private final Map<Long, JsonObject> kept = new TreeMap<>();
  private final Map<Long, JsonObject> lost = new TreeMap<>();
  private final Set<Long> lostItems = new HashSet<>();
  private DebianPostgres postgres;
  private List<RunningService> nodes = List.of();
  private LostReads reads;

  @BeforeEach
  void start() throws IOException {
    postgres = DebianPostgres.start(Files.createTempDirectory("canvas-restore"));
  }

  @AfterEach
  void stop() {
    if (reads != null) {
      reads.close();
    }
    nodes.forEach(RunningService::close);
    postgres.close();
    redis.close();
  }

  @Test
  void aServerRestoredToAMomentShowsNothingThatItHasLost() {
    serve(postgres.uri());
    run("Back up the server");
    String moment = writeWhatIsLost(postgres);
    reads = new LostReads(nodes, kept, lost);
    run("Restore the server to a moment", "MOMENT", moment);
    awaitRestored();
    assertNothingLostComesBack();
  }

  @Test
  void aServerRestoredWhileCanvasWasDownShowsNothingThatItHasLost() {
    serve(postgres.uri());
    run("Back up the server");
    String moment = writeWhatIsLost(postgres);
    nodes.forEach(RunningService::close);
    run("Restore the server to a moment", "MOMENT", moment);
    nodes = List.of(node(postgres.uri()), node(postgres.uri()));
    for (RunningService node : nodes) {
      CHANGED.forEach(id -> assertEquals(kept.get(id).encode(), node.get(path(id)).body()));
      CREATED.forEach(id -> assertEquals(404, node.get(path(id)).statusCode()));
    }
    assertNothingLostComesBack();
  }

  @Test
  void aDumpRestoredAsANewDatabaseShowsNothingThatItHasLost() {
    serve(postgres.uri());
    run("Dump the database");
    writeWhatIsLost(postgres);
    reads = new LostReads(nodes, kept, lost);
    run("Restore a dump as a new database");
    awaitRestored();
    assertNothingLostComesBack();
  }

  @Test
  void aDumpRestoredIntoTheSameDatabaseShowsNothingThatItHasLost() {
    serve(postgres.uri());
    run("Dump the database");
    writeWhatIsLost(postgres);
    reads = new LostReads(nodes, kept, lost);
    run("Restore a dump into the same database");
    awaitRestored();
    assertNothingLostComesBack();
  }

  @Test
  void aStandbyThatLacksConfirmedWritesShowsNothingThatItHasLostNorDoesTheOldPrimary() {
    serve(postgres.uriOfBoth());
    run("Add a standby");
    postgres.query("alter system reset synchronous_standby_names");
    postgres.query("select pg_reload_conf()");
    await().atMost(SOON).until(() -> onStandby("select count(*) from product_media").equals("20"));
    postgres.run("pg_ctl stop --pgdata \"$STANDBY\" --mode fast");
    writeWhatIsLost(postgres);
    reads = new LostReads(nodes, kept, lost);
    postgres.run("kill -9 $(head -1 \"$PGDATA/postmaster.pid\")");
    postgres.run(
        "pg_ctl start --pgdata \"$STANDBY\" -o \"-p $STANDBY_PORT\" -l \"$STANDBY.log\" --wait");
    run("Promote the standby");
    awaitRestored();

    // The old primary comes back, and for a while it is the only one.
    postgres.run(
        "rm \"$PGDATA/postmaster.pid\"; pg_ctl start -D \"$PGDATA\" -l \"$PGDATA.log\" --wait");
    postgres.run("pg_ctl stop --pgdata \"$STANDBY\" --mode fast");
    RuntimeException refused =
        assertThrows(RuntimeException.class, () -> node(postgres.uriOfBoth()).close());
    assertTrue(refused.toString().contains("a primary that was replaced"), refused.toString());
    postgres.run(
        "pg_ctl start --pgdata \"$STANDBY\" -o \"-p $STANDBY_PORT\" -l \"$STANDBY.log\" --wait");
    awaitRestored();
    assertNothingLostComesBack();
  }

  private void serve(String uri) {
    nodes = List.of(node(uri), node(uri));
    for (long id : CHANGED) {
      kept.put(id, put(id, "/kept.webp"));
    }
  }

  private RunningService node(String uri) {
    return new RunningService(new ExistingDatabase(uri), redis.uri(), SETTINGS);
  }

  /** Returns the moment before. */
  private String writeWhatIsLost(DebianPostgres server) {
    String moment = server.query("select clock_timestamp()");
    for (long id : CHANGED) {
      lost.put(id, put(id, "/lost.webp"));
    }
    for (long id : CREATED) {
      lost.put(id, put(id, "/lost.webp"));
    }
    String lines =
        LongStream.range(1_000, 1_000 + LOST_WRITES)
            .mapToObj(
                "{\"product_id\":%d,\"media\":[{\"type\":\"image\",\"url\":\"/l\"}]}"::formatted)
            .collect(Collectors.joining("\n"));
    HttpResponse<String> imported =
        nodes.get(0).send("POST", "/api/media/bulk", "application/x-ndjson", lines + "\n");
    assertEquals(200, imported.statusCode());
    assertEquals(
        LOST_WRITES, imported.body().lines().filter(line -> line.contains(":201")).count());
    lost.values().forEach(document -> lostItems.addAll(itemIds(document)));
    for (RunningService node : nodes) {
      lost.forEach(
          (id, document) ->
              await().atMost(SOON).until(() -> source(node.get(path(id))).contains("near")));
    }
    return moment;
  }

  private String run(String heading, String... variables) {
    return postgres.run(OperationsDocument.commands(heading), variables);
  }

  private String onStandby(String sql) {
    return postgres.run(
        "psql --port \"$STANDBY_PORT\" --dbname canvas -At --command \"$SQL\"", "SQL", sql);
  }

  /** Waits until both nodes show what was restored, and from the caches again. */
  private void awaitRestored() {
    for (RunningService node : nodes) {
      for (long id : CHANGED) {
        await()
            .atMost(SOON)
            .until(
                () -> {
                  HttpResponse<String> answer = node.get(path(id));
                  return answer.body().equals(kept.get(id).encode())
                      && source(answer).contains("hit");
                });
      }
      for (long id : CREATED) {
        await().atMost(SOON).until(() -> node.get(path(id)).statusCode() == 404);
      }
    }
    assertEquals("", reads.violation());
  }

  /** Neither as versions of new writes, nor as their items, nor by conditions. */
  private void assertNothingLostComesBack() {
    long highest = lost.values().stream().mapToLong(RestoreIT::version).max().orElseThrow();
    for (RunningService node : nodes) {
      lost.forEach(
          (id, document) -> {
            assertEquals(412, write(node, id, "/x", "If-Match", tag(document)).statusCode());
            int unlessLost = node.get(path(id), "If-None-Match", tag(document)).statusCode();
            assertEquals(kept.containsKey(id) ? 200 : 404, unlessLost);
          });
    }
    for (long id : lost.keySet()) {
      JsonObject written = put(id, "/new.webp");
      assertTrue(version(written) > highest + LOST_WRITES, written.encode());
      itemIds(written).forEach(item -> assertFalse(lostItems.contains(item), written.encode()));
      for (RunningService node : nodes) {
        HttpResponse<String> answer = node.get(path(id), "If-None-Match", tag(lost.get(id)));
        assertEquals(200, answer.statusCode());
        assertEquals(412, write(node, id, "/x", "If-Match", tag(lost.get(id))).statusCode());
      }
    }
    if (reads != null) {
      assertEquals("", reads.violation());
    }
  }

  private JsonObject put(long id, String url) {
    HttpResponse<String> answer = write(nodes.get(0), id, url);
    assertTrue(answer.statusCode() < 300, answer.body());
    return new JsonObject(answer.body());
  }

  private static HttpResponse<String> write(
      RunningService node, long id, String url, String... headers) {
    return node.write(
        "PUT",
        path(id),
        "{\"media\":[{\"type\":\"image\",\"url\":\"%s\"}]}".formatted(url),
        headers);
  }

  private static List<Long> itemIds(JsonObject document) {
    return document.getJsonArray("media").stream()
        .map(item -> ((JsonObject) item).getLong("id"))
        .toList();
  }

  private static String path(long id) {
    return "/api/products/" + id + "/media";
  }

  private static long version(JsonObject document) {
    return document.getLong("version");
  }

  private static String tag(JsonObject document) {
    return "\"" + version(document) + "\"";
  }

  private static String source(HttpResponse<String> answer) {
    return answer.headers().firstValue("Cache-Status").orElse("");
  }
}
