package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loading a CouchDB store. */
class CouchDbSeedIT extends SeedContract {

  /** Canvas's own documents: the catalogue's, the relay's, the load's. */
  private static final int OWN_DOCUMENTS = 3;

  private final CouchDbTestStore store = (CouchDbTestStore) service.store;

  CouchDbSeedIT() {
    super(
        new RunningService(
            new CouchDbTestStore(TestCouchDb.shared()),
            TestServers.shared().redisUri(),
            Map.of("CANVAS_CACHE_NEAR_ENABLED", "true", "CANVAS_REDIS_TIMEOUT", "1s")));
  }

  @Test
  void generatedProductsAreLoadedIntoAnEmptyDatabaseAndServed() throws Exception {
    assertEquals(404, get(1_234).statusCode());
    SeedProgress done = run(generate(3_000).put("truncate", true).put("batch", 700));
    assertEquals(SeedProgress.Phase.DONE, done.phase(), done::detail);
    assertEquals(3_000, products());
    JsonObject product = new JsonObject(get(1_234).body());
    assertEquals(9, product.getJsonArray("media").size());
    assertEquals(store.document(1_234), get(1_234).body());
    JsonObject reported = new JsonObject(service.management("/seed").body());
    assertEquals("done", reported.getString("phase"), reported.encode());
    assertEquals(3_000, reported.getLong("loaded"), reported.encode());
  }

  @Test
  void truncateIsRefusedUnlessTheDatabaseIsEmpty() {
    put(7, "/kept.jpg");
    ProblemException refused =
        assertThrows(ProblemException.class, () -> begin(generate(10).put("truncate", true)));
    assertEquals(Problem.ALREADY_THERE, refused.problem());
    assertTrue(refused.getMessage().contains("CANVAS_COUCHDB_URI"), refused.getMessage());
    ProblemException noTable =
        assertThrows(ProblemException.class, () -> begin(new JsonObject().put("from_table", true)));
    assertTrue(noTable.getMessage().contains("CSV"), noTable.getMessage());
    assertTrue(get(7).body().contains("/kept.jpg"));
  }

  @Test
  void aMergeKeepsReplacesOrRefusesExistingProducts() throws Exception {
    put(1, "/old-1.jpg");
    put(2, "/old-2.jpg");
    assertEquals(204, service.request("DELETE", "/api/products/2/media").statusCode());
    Path file = Files.writeString(directory.resolve("some.ndjson"), RECORDS);
    SeedProgress refused = run(file(file, "refuse"), SeedProgress.Phase.FAILED);
    assertTrue(refused.detail().contains("such as 1"), refused.detail());

    SeedProgress kept = run(file(file, "keep"), SeedProgress.Phase.DONE);
    assertEquals(1, kept.rejected());
    assertTrue(get(1).body().contains("/old-1.jpg"));
    assertEquals(store.document(2), get(2).body());
    assertTrue(get(2).body().contains("\"alt\":\"\\\"ä\\\\\""), get(2).body());
    assertTrue(store.get("canvas").getLong("next_item_id") > 2_000_000);

    // A value cached before the load is never served after it.
    assertTrue(get(1).body().contains("/old-1.jpg"));
    run(file(file, "replace"), SeedProgress.Phase.DONE);
    assertTrue(get(1).body().contains("/new-1.jpg"), get(1).body());
    long replaced = store.version(1);
    run(file(file, "replace"), SeedProgress.Phase.DONE);
    assertEquals(replaced, store.version(1), "an equal product keeps its version");
    await()
        .atMost(TIMEOUT)
        .until(() -> get(1).headers().firstValue("cache-status").orElse("").contains("hit"));
    assertEquals(200, put(1, "/after.jpg").statusCode());
    assertTrue(get(1).body().contains("/after.jpg"));
  }

  @Test
  void aSecondLoadIsRefused() throws Exception {
    SeedRun slow = begin(generate(500_000).put("batch", 500));
    Thread loading = new Thread(slow::run);
    loading.start();
    ProblemException second = assertThrows(ProblemException.class, () -> begin(generate(5)));
    assertEquals(Problem.SEEDER_BUSY, second.problem());
    assertTrue(second.getMessage().contains("canvas seed (process "), second.getMessage());
    assertEquals(SeedProgress.Phase.LOADING, launcher.last().phase());
    slow.cancel();
    loading.join(TIMEOUT.toMillis());
    assertEquals(SeedProgress.Phase.CANCELLED, launcher.last().phase());
  }

  @Test
  void aKilledLoadIsResumedWithoutLosingOrRepeatingAProduct() {
    int rows = 60_000;
    Map<String, String> environment = environment(service);
    environment.put("CANVAS_STORE", "postgres");
    CanvasProcess killed =
        new CanvasProcess(
            environment,
            "seed",
            "--store",
            "couchdb",
            "--rows",
            "" + rows,
            "--batch",
            "250",
            "--on-conflict",
            "refuse");
    await().atMost(TIMEOUT).until(() -> loaded() > rows * 0.1);
    killed.kill();
    killed.exitCode(TIMEOUT);
    assertTrue(loaded() < rows, killed.output());
    CanvasProcess resumed = new CanvasProcess(environment(service), "seed", "--resume");
    assertEquals(0, resumed.exitCode(TIMEOUT), resumed::output);
    assertEquals(rows, products());
    assertEquals(200, get(rows).statusCode());
    assertEquals(404, get(rows + 1).statusCode());
    assertEquals(rows, store.get("canvas-load").getLong("loaded"));
  }

  private long loaded() {
    HttpResponse<String> load = store.request("GET", "canvas-load", null);
    return load.statusCode() == 200 ? new JsonObject(load.body()).getLong("loaded") : 0;
  }

  private long products() {
    return store.get("").getLong("doc_count") - OWN_DOCUMENTS;
  }
}
