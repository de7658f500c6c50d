package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statements by hand that know nothing of versions, on products that both caches hold. */
class SqlByHandIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/api/products/42/media";
  private static final String ITEM = "{\"type\":\"image\",\"url\":\"/1.webp\"}";
  private static final String ONE = "{\"media\":[" + ITEM + "]}";

  private final RunningService service =
      new RunningService(Map.of("CANVAS_CACHE_NEAR_ENABLED", "true"));

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void anUpdateWithoutAVersionGetsOne() {
    String tag = cached();
    service.database().execute("update product_media set media = '[]' where product_id = 42");
    await().atMost(SOON).until(() -> service.get(PATH).body().endsWith("\"media\":[]}"));
    HttpResponse<String> again = service.get(PATH, "If-None-Match", tag);
    assertEquals(200, again.statusCode());
    assertNotEquals(tag, again.headers().firstValue("ETag").orElseThrow());
    assertEquals(service.document(42), again.body());
  }

  @Test
  void aVersionThatGoesBackIsRaised() {
    cached();
    String before = service.database().query("select version from product_media");
    service.database().execute("update product_media set media = '[]', version = 1");
    await().atMost(SOON).until(() -> service.get(PATH).body().endsWith("\"media\":[]}"));
    assertEquals(
        "t", service.database().query("select version > " + before + " from product_media"));
  }

  @Test
  void aProductThatGetsAnotherIdIsGoneUnderTheOldOne() {
    assertEquals(404, service.get("/api/products/43/media").statusCode());
    cached();
    service.database().execute("update product_media set product_id = 43 where product_id = 42");
    await().atMost(SOON).until(() -> service.get(PATH).statusCode() == 404);
    await().atMost(SOON).until(() -> service.get("/api/products/43/media").statusCode() == 200);
  }

  @Test
  void afterTruncateThereAreNoProducts() {
    cached();
    service.database().execute("truncate product_media");
    await().atMost(SOON).until(() -> service.get(PATH).statusCode() == 404);
    cached();
  }

  @Test
  void mediaThatAreNoArrayOfItemsFailAloneAndCanBeReplaced() {
    cached();
    service.write("PUT", "/api/products/43/media", ONE);
    service
        .database()
        .execute("update product_media set media = '{\"a\":1}' where product_id = 42");
    await().atMost(SOON).until(() -> service.get(PATH).statusCode() == 500);
    await().atMost(SOON).until(() -> source().contains("near"));
    assertUnreadable(service.get(PATH));
    assertUnreadable(service.get("/api/images?shoe_id=42"));
    assertUnreadable(service.write("POST", PATH + "/items", ITEM));
    JsonObject batch = new JsonObject(service.get("/api/products/media?ids=41,42,43").body());
    assertEquals(JsonArray.of(41), batch.getJsonArray("missing"));
    assertEquals(43, batch.getJsonArray("found").getJsonObject(0).getInteger("product_id"));
    JsonObject failed = batch.getJsonArray("failed").getJsonObject(0);
    assertEquals(42, failed.remove("product_id"));
    assertEquals(new JsonObject(service.get(PATH).body()), failed);
    String export = service.get("/api/media/export").body();
    assertTrue(export.contains("{\"product_id\":43,"), export);
    assertFalse(export.contains("{\"product_id\":42,"), export);
    assertTrue(export.endsWith("{\"canvas_export_end\":1,\"products\":1,\"skipped\":1}\n"), export);
    HttpResponse<String> page = service.get("/");
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("/products/43"), "its neighbour is missing in the catalogue");
    assertEquals(200, service.write("PUT", PATH, ONE).statusCode());
    assertEquals(201, service.write("POST", PATH + "/items", ITEM).statusCode());
  }

  private static void assertUnreadable(HttpResponse<String> answer) {
    assertEquals(500, answer.statusCode());
    JsonObject problem = new JsonObject(answer.body());
    assertEquals("urn:canvas:problem:unreadable-media", problem.getString("type"));
    assertTrue(problem.getString("detail").contains("product 42 "), answer.body());
  }

  /** Stores the product and reads it until the near cache has it; returns its tag. */
  private String cached() {
    assertEquals(201, service.write("PUT", PATH, ONE).statusCode());
    await().atMost(SOON).until(() -> source().contains("near"));
    return service.get(PATH).headers().firstValue("ETag").orElseThrow();
  }

  private String source() {
    return service.get(PATH).headers().firstValue("Cache-Status").orElseThrow();
  }
}
