package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading the CouchDB of a running service. */
class CouchDbSeedIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Canvas's own documents: the catalogue's, the relay's, the load's. */
  private static final int OWN_DOCUMENTS = 3;

  private final CouchDbTestStore store = new CouchDbTestStore(TestCouchDb.shared());
  private final RunningService service =
      new RunningService(
          store,
          TestServers.shared().redisUri(),
          Map.of("CANVAS_CACHE_NEAR_ENABLED", "true", "CANVAS_REDIS_TIMEOUT", "1s"));
  private final SeedLauncher seeder =
      SeedWiring.launcher(service.vertx(), Configuration.load(null, environment()));

  @TempDir private Path directory;

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void generatedProductsGoIntoAnEmptyDatabaseAndAreServed() throws Exception {
    assertEquals(404, get(1_234).statusCode());
    SeedProgress done = run(generate(3_000).put("truncate", true).put("batch", 700));
    assertEquals(SeedProgress.Phase.DONE, done.phase(), done::detail);
    assertEquals(3_000, products());
    JsonObject product = new JsonObject(get(1_234).body());
    assertEquals(9, product.getJsonArray("media").size());
    assertEquals(store.document(1_234), get(1_234).body());
    JsonObject told = new JsonObject(service.management("/seed").body());
    assertEquals("done", told.getString("phase"), told.encode());
    assertEquals(3_000, told.getLong("loaded"), told.encode());
  }

  @Test
  void allProductsAreNotReplacedWhereThereAreSome() {
    put(7, "/kept.jpg");
    ProblemException refused =
        assertThrows(
            ProblemException.class,
            () -> seeder.begin(request(generate(10).put("truncate", true)), progress -> {}));
    assertEquals(Problem.ALREADY_THERE, refused.problem());
    assertTrue(refused.getMessage().contains("CANVAS_COUCHDB_URI"), refused.getMessage());
    ProblemException noTable =
        assertThrows(
            ProblemException.class,
            () -> seeder.begin(request(new JsonObject().put("from_table", true)), progress -> {}));
    assertTrue(noTable.getMessage().contains("CSV"), noTable.getMessage());
    assertTrue(get(7).body().contains("/kept.jpg"));
  }

  @Test
  void whatGoesBesideTheOthersKeepsReplacesOrRefuses() throws Exception {
    put(1, "/old-1.jpg");
    put(2, "/old-2.jpg");
    assertEquals(204, service.request("DELETE", "/api/products/2/media").statusCode());
    Path file = directory.resolve("some.ndjson");
    Files.writeString(
        file,
        """
        {"product_id":1,"media":[{"type":"image","url":"/first.jpg"}]}
        {"product_id":2,"media":[{"id":2000000,"type":"image","url":"/new-2.jpg","alt":"\\"ä\\\\"}]}
        no product
        {"product_id":1,"media":[{"type":"image","url":"/new-1.jpg"}]}
        """);
    SeedProgress refused = run(file(file, "refuse"), SeedProgress.Phase.FAILED);
    assertTrue(refused.detail().contains("such as 1"), refused.detail());

    SeedProgress kept = run(file(file, "keep"), SeedProgress.Phase.DONE);
    assertEquals(1, kept.rejected());
    assertTrue(get(1).body().contains("/old-1.jpg"));
    assertEquals(store.document(2), get(2).body());
    assertTrue(get(2).body().contains("\"alt\":\"\\\"ä\\\\\""), get(2).body());
    assertTrue(store.get("canvas").getLong("next_item_id") > 2_000_000);

    // What is cached everywhere is never read once the load has ended.
    assertTrue(get(1).body().contains("/old-1.jpg"));
    run(file(file, "replace"), SeedProgress.Phase.DONE);
    assertTrue(get(1).body().contains("/new-1.jpg"), get(1).body());
    long replaced = store.version(1);
    run(file(file, "replace"), SeedProgress.Phase.DONE);
    assertEquals(replaced, store.version(1), "what is the same stays the same");
    await()
        .atMost(PATIENCE)
        .until(() -> get(1).headers().firstValue("cache-status").orElse("").contains("hit"));
    assertEquals(200, put(1, "/after.jpg").statusCode());
    assertTrue(get(1).body().contains("/after.jpg"));
  }

  @Test
  void anIdThatWasLoadedOutOfABlockThatTheServiceHoldsIsNeverGivenAgain() throws Exception {
    String items = "/api/products/3/media/items";
    assertEquals(201, service.write("POST", items, BulkIT.item(0)).statusCode());
    long held = BulkIT.itemIds(service, 3).get(0);
    Path file =
        Files.writeString(directory.resolve("ids.ndjson"), BulkIT.line(3, BulkIT.item(held + 2)));
    run(file(file, "replace"), SeedProgress.Phase.DONE);
    assertEquals(204, service.request("DELETE", items + "/" + (held + 2)).statusCode());
    for (int i = 0; i < 5; i++) {
      assertEquals(201, service.write("POST", items, BulkIT.item(0)).statusCode());
    }
    assertFalse(BulkIT.itemIds(service, 3).contains(held + 2));
  }

  @Test
  void oneLoadAtATime() throws Exception {
    SeedRun slow = seeder.begin(request(generate(500_000).put("batch", 500)), progress -> {});
    Thread loading = new Thread(slow::run);
    loading.start();
    ProblemException second =
        assertThrows(
            ProblemException.class, () -> seeder.begin(request(generate(5)), progress -> {}));
    assertEquals(Problem.SEEDER_BUSY, second.problem());
    assertTrue(second.getMessage().contains("canvas seed (process "), second.getMessage());
    assertEquals(SeedProgress.Phase.LOADING, seeder.last().phase());
    slow.cancel();
    loading.join(PATIENCE.toMillis());
    assertEquals(SeedProgress.Phase.CANCELLED, seeder.last().phase());
  }

  @Test
  void aKilledLoadGoesOnWithoutAProductLostOrDoubled() {
    int rows = 20_000;
    Map<String, String> environment = new HashMap<>(environment());
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
    await().atMost(PATIENCE).until(() -> loaded() > rows * 0.2);
    killed.kill();
    killed.exitCode(PATIENCE);
    assertTrue(loaded() < rows, killed.output());
    CanvasProcess resumed = new CanvasProcess(environment(), "seed", "--resume");
    assertEquals(0, resumed.exitCode(PATIENCE), resumed::output);
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

  private SeedProgress run(JsonObject request) throws Exception {
    return run(request, SeedProgress.Phase.DONE);
  }

  private SeedProgress run(JsonObject request, SeedProgress.Phase expected) throws Exception {
    SeedProgress last = seeder.begin(request(request), progress -> {}).run();
    assertEquals(expected, last.phase(), last::detail);
    return last;
  }

  private static SeedRequest request(JsonObject request) {
    return SeedRequest.of(request);
  }

  private static JsonObject generate(long rows) {
    return new JsonObject().put("rows", rows);
  }

  private static JsonObject file(Path file, String onConflict) {
    return new JsonObject().put("file", file.toString()).put("on_conflict", onConflict);
  }

  private HttpResponse<String> get(long productId) {
    return service.get("/api/products/" + productId + "/media");
  }

  private HttpResponse<String> put(long productId, String url) {
    return service.write(
        "PUT",
        "/api/products/" + productId + "/media",
        "{\"media\":[{\"type\":\"image\",\"url\":\"" + url + "\"}]}");
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(store.environment());
    environment.put("CANVAS_REDIS_URI", TestServers.shared().redisUri());
    return environment;
  }
}
