package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.postgres.Schema;
import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** The first start with a database of the release that recorded no lineage. */
class UpgradeIT {

  private static final String PATH = "/api/products/42/media";

  @Test
  void anUpgradedDatabaseGoesOnWithItsVersionsAndItemIds() {
    PostgresTestStore store = new PostgresTestStore(TestServers.shared().postgresUri());
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(store.database().dataSource())
        .locations("classpath:db/migration")
        .table("canvas_schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .target("6")
        .load()
        .migrate();
    store
        .database()
        .execute("insert into shoe_images (shoe_id, img1) values (42, 'https://a.example/1.jpg')");
    long version = store.version(42);
    String media = store.document(42);
    long item = items(media).getJsonObject(0).getLong("id");

    try (RunningService service =
        new RunningService(store, TestServers.shared().redisUri(), Map.of())) {
      HttpResponse<String> read = service.get(PATH);
      assertEquals(media, read.body());
      assertEquals("\"" + version + "\"", read.headers().firstValue("ETag").orElseThrow());
      HttpResponse<String> added =
          service.write(
              "POST",
              PATH + "/items",
              "{\"type\":\"image\",\"url\":\"https://a.example/2.jpg\"}",
              "If-Match",
              "\"" + version + "\"");
      assertEquals(201, added.statusCode(), added.body());
      long next = new JsonObject(added.body()).getLong("version");
      assertTrue(next > version && next < version + 1_000, added.body());
      long nextItem = items(added.body()).getJsonObject(1).getLong("id");
      assertTrue(nextItem > item && nextItem < item + 100_000, added.body());
    }
  }

  private static JsonArray items(String document) {
    return new JsonObject(document).getJsonArray("media");
  }
}
