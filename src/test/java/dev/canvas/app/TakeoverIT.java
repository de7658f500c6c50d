package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A database whose lineage is not that of its record, as is said of the copy of a disk. */
class TakeoverIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/api/products/42/media";
  private static final String INSERT =
      "insert into product_media (product_id, media) values (1, '[]')";

  @Test
  void aRunningServiceTakesTheStoreOver() {
    try (RunningService service = new RunningService(Map.of("CANVAS_CACHE_NEAR_ENABLED", "true"))) {
      JsonObject before = new JsonObject(write(service, "/1.webp").body());
      await().atMost(SOON).until(() -> source(service).contains("near"));
      long generation = service.store.generation();
      long clock = System.currentTimeMillis() * 1_000;
      assertTrue(before.getLong("version") < clock, before.encode());

      copyTheDisk(service);
      await().atMost(SOON).until(() -> service.store.generation() > generation);
      assertTrue(service.store.generation() > clock);
      await().atMost(SOON).until(() -> write(service, "/2.webp").statusCode() == 200);
      JsonObject after = new JsonObject(service.get(PATH).body());
      assertTrue(after.getLong("version") > clock, after.encode());
      long item = after.getJsonArray("media").getJsonObject(0).getLong("id");
      long itemBefore = before.getJsonArray("media").getJsonObject(0).getLong("id");
      assertTrue(item > itemBefore && item < 10_000_000_000L, after.encode());
      await().atMost(SOON).until(() -> source(service).contains("near"));
    }
  }

  @Test
  void sqlIsRefusedUntilTheStoreIsTakenOverByAServiceOrALoad() {
    RunningService service = new RunningService();
    try {
      service.stop();
      copyTheDisk(service);
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> service.database().execute(INSERT));
      assertEquals("CV504", ((SQLException) refused.getCause()).getSQLState());
      CanvasProcess.run(
          0,
          Map.of(
              "CANVAS_POSTGRES_URI", service.database().uri(),
              "CANVAS_REDIS_URI", TestServers.shared().redisUri()),
          "seed",
          "--rows",
          "10",
          "--on-conflict",
          "keep");
      service.database().execute("delete from product_media; " + INSERT);
    } finally {
      service.store.close();
    }
  }

  /** Runs the statement of the document. */
  private static void copyTheDisk(RunningService service) {
    String command = OperationsDocument.commands("Restore a copy of the disk");
    String sql = command.replaceFirst("(?s).*--command \"(.*)\".*", "$1");
    assertFalse(sql.contains("psql"), command);
    service.database().execute(sql);
  }

  private static HttpResponse<String> write(RunningService service, String url) {
    return service.write(
        "PUT", PATH, "{\"media\":[{\"type\":\"image\",\"url\":\"%s\"}]}".formatted(url));
  }

  private static String source(RunningService service) {
    return service.get(PATH).headers().firstValue("Cache-Status").orElse("");
  }
}
