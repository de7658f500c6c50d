package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events for changes in CouchDB, made by the service and by others. */
class CouchDbChangesIT {

  private static final List<JsonObject> CHANGES = new CopyOnWriteArrayList<>();

  private static CouchDbTestStore store;
  private static RunningService service;

  @BeforeAll
  static void start() {
    store = new CouchDbTestStore(TestCouchDb.shared());
    service = new RunningService(store, TestServers.shared().redisUri(), Map.of());
    service
        .vertx()
        .eventBus()
        .<JsonObject>consumer(Addresses.MEDIA_CHANGED, change -> CHANGES.add(change.body()));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void writesOfTheServiceArePublished() {
    String path = "/api/products/800/media";
    HttpResponse<String> put =
        service.write("PUT", path, "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}");
    awaitEvent(800, new JsonObject(put.body()).getLong("version"), "put");
    service.request("DELETE", path);
    awaitEvent(800, new JsonObject(put.body()).getLong("version") + 1, "delete");
  }

  @Test
  void writesOfOthersAreReadSoonAndPublished() {
    String path = "/api/products/801/media";
    service.put(801);
    assertEquals(200, service.get(path).statusCode());
    long version = store.version(801);
    String revision = store.get(CouchDbTestStore.id(801)).getString("_rev");
    HttpResponse<String> written =
        store.request(
            "PUT",
            CouchDbTestStore.id(801),
            new JsonObject().put("_rev", revision).put("media", "[]").encode());
    assertEquals(201, written.statusCode());
    await().until(() -> service.get(path).body().endsWith("\"media\":[]}"));
    awaitEvent(801, version + 1, "put");
    String last = new JsonObject(written.body()).getString("rev");
    assertEquals(
        200, store.request("DELETE", CouchDbTestStore.id(801) + "?rev=" + last, null).statusCode());
    await().until(() -> service.get(path).statusCode() == 404);
    awaitEvent(801, version + 2, "delete");
  }

  @Test
  void versionsGrowAcrossADeleteByOthers() {
    String path = "/api/products/802/media";
    String body = "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}";
    service.write("PUT", path, body);
    long first = store.version(802);
    String revision = store.get(CouchDbTestStore.id(802)).getString("_rev");
    store.request("DELETE", CouchDbTestStore.id(802) + "?rev=" + revision, null);
    await().until(() -> service.get(path).statusCode() == 404);
    HttpResponse<String> anew = service.write("PUT", path, body, "If-None-Match", "*");
    assertEquals(201, anew.statusCode(), anew.body());
    assertEquals(first + 2, new JsonObject(anew.body()).getLong("version"));
    assertEquals(store.document(802), anew.body());
  }

  @Test
  void thePageOfTheCatalogueIsSortedByProductId() {
    for (long id : new long[] {1_000_000, 3, 20}) {
      store.put(id, "[{\"id\":1,\"type\":\"image\",\"url\":\"/%d.jpg\"}]".formatted(id));
    }
    String page = service.get("/").body();
    int third = page.indexOf("/products/3\"");
    int twentieth = page.indexOf("/products/20\"");
    int millionth = page.indexOf("/products/1000000\"");
    assertTrue(0 < third && third < twentieth && twentieth < millionth, page);
  }

  private static void awaitEvent(long productId, long version, String change) {
    JsonObject expected =
        new JsonObject().put("product_id", productId).put("version", version).put("change", change);
    await().untilAsserted(() -> assertTrue(CHANGES.contains(expected), CHANGES.toString()));
  }
}
