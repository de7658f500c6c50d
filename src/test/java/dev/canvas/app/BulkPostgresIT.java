package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The effects of an import on Postgres, and of Postgres's refusals on an import. */
class BulkPostgresIT {

  private final RunningService service = new RunningService();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void lineRefusedByTheStoreFailsAlone() {
    service.database().execute("alter table product_media add check (product_id <> 13)");
    StringBuilder lines = new StringBuilder();
    for (int id = 1; id <= 300; id++) {
      lines.append(BulkIT.line(id, BulkIT.item(1)));
    }
    List<JsonObject> results = BulkIT.bulk(service, lines.toString());
    assertEquals(300, results.size());
    for (JsonObject result : results) {
      int expected = result.getInteger("product_id") == 13 ? 500 : 201;
      assertEquals(expected, result.getInteger("status"), result.encode());
    }
    assertEquals("299", service.database().query("select count(*) from product_media"));
  }

  @Test
  void linesAreRefusedWhileTheCatalogueIsReplaced() throws Exception {
    try (Connection seeder = service.database().dataSource().getConnection();
        Statement statement = seeder.createStatement()) {
      statement.execute("select pg_advisory_lock(4847921123)");
      JsonObject refused = BulkIT.bulk(service, BulkIT.line(1, BulkIT.item(1))).get(0);
      assertEquals(503, refused.getInteger("status"), refused.encode());
      assertTrue(
          refused.getString("detail").contains("replacing the whole catalogue"), refused.encode());
      assertEquals(1, refused.getInteger("product_id"));
    }
    assertEquals(
        201, BulkIT.bulk(service, BulkIT.line(1, BulkIT.item(1))).get(0).getInteger("status"));
  }

  @Test
  void itemIdBlocksStartAfterImportedIds() {
    long imported = 77_000_123;
    BulkIT.bulk(service, BulkIT.line(1, BulkIT.item(imported)));
    String next = "select nextval('media_item_id')";
    assertTrue(Long.parseLong(service.database().query(next)) > imported);
    // An imported id below the sequence does not raise it.
    long last = Long.parseLong(service.database().query(next));
    BulkIT.bulk(service, BulkIT.line(2, BulkIT.item(imported + 1)));
    assertEquals(last + 1_000, Long.parseLong(service.database().query(next)));
  }

  @Test
  void importedIdOfAnotherNodesBlockIsNotReused() {
    String items = "/api/products/3/media/items";
    try (RunningService other =
        new RunningService(service.database().uri(), TestServers.shared().redisUri(), Map.of())) {
      assertEquals(201, other.write("POST", items, BulkIT.item(0)).statusCode());
      long held = BulkIT.itemIds(other, 3).get(0);
      BulkIT.bulk(service, BulkIT.line(3, BulkIT.item(held + 2)));
      assertEquals(204, service.request("DELETE", items + "/" + (held + 2)).statusCode());
      for (int i = 0; i < 5; i++) {
        assertEquals(201, other.write("POST", items, BulkIT.item(0)).statusCode());
      }
      assertFalse(BulkIT.itemIds(other, 3).contains(held + 2));
    }
  }

  @Test
  void changesOfAnImportArePublishedAndTheOutboxDrains() {
    StringBuilder lines = new StringBuilder();
    for (int id = 1; id <= 2_000; id++) {
      lines.append(BulkIT.line(id, BulkIT.item(1)));
    }
    BulkIT.bulk(service, lines.toString());
    await().until(() -> service.database().query("select count(*) from media_outbox").equals("0"));
  }

  @Test
  void importNeedsACredentialBeforeALineIsRead() {
    try (RunningService guarded =
        new RunningService(
            service.database().uri(),
            TestServers.shared().redisUri(),
            Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS", "shop:" + "0".repeat(64)))) {
      HttpResponse<String> result =
          guarded.send("POST", "/api/media/bulk", "application/x-ndjson", "{}");
      assertEquals(401, result.statusCode());
    }
  }
}
