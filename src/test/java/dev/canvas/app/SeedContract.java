package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
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

/** Loads the store of a running service. Subclasses choose the store. */
abstract class SeedContract {

  static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Several records of products 1 and 2, and a line that is not a product. */
  static final String RECORDS =
      """
      {"product_id":1,"media":[{"type":"image","url":"/first.jpg"}]}
      {"product_id":2,"media":[{"id":2000000,"type":"image","url":"/new-2.jpg","alt":"\\"ä\\\\"}]}
      no product
      {"product_id":1,"media":[{"type":"image","url":"/new-1.jpg"}]}
      """;

  final RunningService service;
  final SeedLauncher launcher;

  @TempDir Path directory;

  SeedContract(RunningService service) {
    this.service = service;
    this.launcher =
        SeedWiring.launcher(service.vertx(), Configuration.load(null, environment(service)));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void anImportedIdOfABlockThatTheServiceHoldsIsNeverAssignedAgain() throws Exception {
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

  /** The settings of a command that uses the same servers. */
  static Map<String, String> environment(RunningService service) {
    Map<String, String> environment = new HashMap<>(service.store.environment());
    environment.put("CANVAS_REDIS_URI", TestServers.shared().redisUri());
    return environment;
  }

  SeedRun begin(JsonObject request) throws Exception {
    return launcher.begin(SeedRequest.of(request), progress -> {});
  }

  SeedProgress run(JsonObject request) throws Exception {
    return begin(request).run();
  }

  SeedProgress run(JsonObject request, SeedProgress.Phase expected) throws Exception {
    SeedProgress last = run(request);
    assertEquals(expected, last.phase(), last::detail);
    return last;
  }

  static JsonObject generate(long rows) {
    return new JsonObject().put("rows", rows);
  }

  static JsonObject generate(long rows, boolean truncate) {
    return generate(rows).put("truncate", truncate);
  }

  static JsonObject file(Path file, String onConflict) {
    return new JsonObject().put("file", file.toString()).put("on_conflict", onConflict);
  }

  static JsonObject resume() {
    return new JsonObject().put("resume", true);
  }

  HttpResponse<String> get(long productId) {
    return service.get("/api/products/" + productId + "/media");
  }

  HttpResponse<String> put(long productId, String url) {
    return service.write(
        "PUT",
        "/api/products/" + productId + "/media",
        "{\"media\":[{\"type\":\"image\",\"url\":\"" + url + "\"}]}");
  }
}
