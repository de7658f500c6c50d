package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bulk imports and exports of the whole service with real servers. */
class BulkIT {

  private static RunningService service;

  @BeforeAll
  static void start() {
    service = new RunningService(Map.of("CANVAS_CACHE_NEAR_ENABLED", "true"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void importOfAnExportKeepsTheBytesAndAssignsNewVersions() throws Exception {
    for (int id = 100_000; id < 100_250; id++) {
      service.put(id);
    }
    for (int id = 100_250; id < 100_300; id++) {
      assertEquals(
          201, service.write("PUT", media(id), "{\"media\":[" + item(0) + "]}").statusCode());
    }
    String exported = export(service, 99_999);
    List<String> documents = documents(exported);
    assertTrue(documents.size() >= 300, documents.size() + " products");
    try (RunningService other = new RunningService()) {
      List<JsonObject> created = bulk(other, exported);
      assertEquals(documents.size(), created.size());
      assertEquals(Set.of(201), statuses(created));
      List<String> back = documents(export(other, 99_999));
      assertEquals(documents.stream().map(BulkIT::items).toList(), items(back));
      for (int i = 0; i < back.size(); i++) {
        JsonObject document = new JsonObject(back.get(i));
        assertEquals(created.get(i).getLong("version"), document.getLong("version"));
        assertNotEquals(
            new JsonObject(documents.get(i)).getLong("version"), document.getLong("version"));
      }
      // A second import changes nothing.
      List<JsonObject> again = bulk(other, exported);
      assertEquals(Set.of(200), statuses(again));
      assertEquals(versions(created), versions(again));
    }
  }

  @Test
  void itemsWithoutAnIdGetOneOnce() throws Exception {
    String line = line(200_000, item(0) + "," + item(0));
    long version = bulk(service, line).get(0).getLong("version");
    List<Long> ids = itemIds(200_000);
    assertTrue(ids.get(0) >= 1_000 && ids.get(1) > ids.get(0), ids.toString());
    JsonObject again = bulk(service, line).get(0);
    assertEquals(200, again.getInteger("status"));
    assertEquals(version, again.getLong("version"));
    assertEquals(ids, itemIds(200_000));
  }

  @Test
  void readAfterTheResultOfALineIsNotOlder() throws Exception {
    int products = 20;
    for (int round = 0; round < 30; round++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < products; i++) {
        lines.append(
            line(202_000 + i, "{\"id\":1,\"type\":\"image\",\"url\":\"/" + round + ".webp\"}"));
        // Fills both caches, so that there is something to invalidate.
        service.get(media(202_000 + i));
      }
      List<JsonObject> results = bulk(service, lines.toString());
      for (int i = 0; i < products; i++) {
        JsonObject read = new JsonObject(service.get(media(202_000 + i)).body());
        assertTrue(read.getLong("version") >= results.get(i).getLong("version"), read.encode());
      }
    }
  }

  @Test
  void twoImportsOfTheSameProductsBothComplete() throws Exception {
    StringBuilder one = new StringBuilder();
    StringBuilder two = new StringBuilder();
    for (int i = 0; i < 1_500; i++) {
      one.append(line(203_000 + i, item(1)));
      two.append(line(203_000 + 1_499 - i, item(2)));
    }
    CompletableFuture<List<JsonObject>> first =
        CompletableFuture.supplyAsync(() -> bulk(service, one.toString()));
    List<JsonObject> second = bulk(service, two.toString());
    Map<Long, Long> newest = new HashMap<>();
    Set<Integer> seen = new HashSet<>(statuses(first.get()));
    seen.addAll(statuses(second));
    assertEquals(Set.of(200, 201), seen);
    for (List<JsonObject> results : List.of(first.get(), second)) {
      results.forEach(a -> newest.merge(a.getLong("product_id"), a.getLong("version"), Math::max));
    }
    newest.forEach(
        (id, version) ->
            assertEquals(
                version, new JsonObject(service.get(media(id)).body()).getLong("version")));
  }

  @Test
  void singleWritesAndReadsContinueDuringALongImport() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append(line(300_000 + i, item(1) + "," + item(2) + "," + item(3)));
    }
    CompletableFuture<List<JsonObject>> importing =
        CompletableFuture.supplyAsync(() -> bulk(service, lines.toString()));
    int writes = 0;
    int done = 0;
    while (!importing.isDone() || done == 0) {
      String body = "{\"media\":[{\"type\":\"image\",\"url\":\"/" + writes++ + ".webp\"}]}";
      HttpResponse<String> put = service.write("PUT", media(204_000), body);
      if (put.statusCode() == 503 && service.store.tier().equals("couchdb")) {
        continue; // Its emulation is a single thread, which can be busy for longer than a timeout.
      }
      assertTrue(put.statusCode() / 100 == 2, put.body());
      assertEquals(put.body(), service.get(media(204_000)).body());
      done++;
    }
    List<JsonObject> results = importing.get();
    assertEquals(20_000, results.size());
    assertEquals(Set.of(201), statuses(results));
    HttpResponse<String> metrics = service.management("/metrics");
    assertTrue(metrics.body().contains("canvas_bulk_lines_total{status=\"201\"}"), "counted");
  }

  @Test
  void disconnectedImportHasWrittenItsConfirmedLines() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          String.join(
                  "\r\n",
                  "POST /api/media/bulk HTTP/1.1",
                  "Host: a",
                  "Content-Type: application/x-ndjson",
                  "Content-Length: 100000000",
                  "",
                  "")
              .getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 500; i++) {
        out.write(line(400_000 + i, item(1)).getBytes(StandardCharsets.UTF_8));
      }
      byte[] buffer = new byte[200];
      assertTrue(socket.getInputStream().read(buffer) > 0, "the response has begun");
    }
    await().until(() -> service.get(media(400_000)).statusCode() == 200);
    assertEquals(200, service.write("PUT", media(400_000), "{\"media\":[]}").statusCode());
  }

  static String media(long productId) {
    return "/api/products/" + productId + "/media";
  }

  static String line(long productId, String items) {
    return "{\"product_id\":" + productId + ",\"media\":[" + items + "]}\n";
  }

  static String item(long id) {
    return "{"
        + (id == 0 ? "" : "\"id\":" + id + ",")
        + "\"type\":\"image\",\"url\":\"https://a.example/ä%d.webp\"}".formatted(id);
  }

  static List<JsonObject> bulk(RunningService service, String lines) {
    HttpResponse<String> result =
        service.send("POST", "/api/media/bulk", "application/x-ndjson", lines);
    assertEquals(200, result.statusCode(), result.body());
    return result.body().lines().map(JsonObject::new).toList();
  }

  static String export(RunningService service, long after) {
    HttpResponse<String> result = service.get("/api/media/export?after=" + after);
    assertEquals(200, result.statusCode(), result.body());
    return result.body();
  }

  /** The lines between the marks. */
  private static List<String> documents(String export) {
    return export.lines().filter(line -> line.contains("\"product_id\"")).toList();
  }

  private static List<Long> itemIds(long productId) {
    return itemIds(service, productId);
  }

  static List<Long> itemIds(RunningService service, long productId) {
    return new JsonObject(service.get(media(productId)).body())
        .getJsonArray("media").stream().map(item -> ((JsonObject) item).getLong("id")).toList();
  }

  private static List<String> items(List<String> documents) {
    return documents.stream().map(BulkIT::items).toList();
  }

  /** The document without its version. */
  private static String items(String document) {
    assertFalse(document.isEmpty());
    return document.substring(0, document.indexOf(",\"version\""))
        + document.substring(document.indexOf(",\"media\":"));
  }

  private static Set<Integer> statuses(List<JsonObject> results) {
    Set<Integer> statuses = new HashSet<>();
    results.forEach(result -> statuses.add(result.getInteger("status")));
    return statuses;
  }

  private static List<Long> versions(List<JsonObject> results) {
    return results.stream().map(result -> result.getLong("version")).toList();
  }
}
