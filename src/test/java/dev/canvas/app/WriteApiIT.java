package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.CanvasClient;
import dev.canvas.media.MediaItem;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every write, end to end: its response, and what readers see right after it. */
class WriteApiIT {

  private static final int CLIENTS = 8;

  /** Rounds per client; set {@code -Dcanvas.story.rounds} for a long run. */
  private static final int ROUNDS = Integer.getInteger("canvas.story.rounds", 25);

  private static RunningService service;
  private static CanvasClient client;

  @BeforeAll
  static void start() {
    service = new RunningService();
    client = new CanvasClient(service.vertx().eventBus());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void eightClientsReadTheirLegacyWritesImmediately() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<java.util.concurrent.Future<?>> stories = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long shoe = 5_000L + i;
        stories.add(
            clients.submit(() -> IntStream.range(0, ROUNDS).forEach(round -> story(shoe, round))));
      }
      for (java.util.concurrent.Future<?> each : stories) {
        each.get(120 + ROUNDS / 10, TimeUnit.SECONDS);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static void story(long shoe, int round) {
    String image = "https://a.example/" + round + ".jpg";
    String video = "https://a.example/" + round + ".webm";
    String id = "shoe_id=" + shoe;
    expect(201, service.form("POST", "/api/images", id + "&img1=" + image + "&vid1=" + video));
    assertShows(shoe, List.of(image), List.of(video));
    String other = "https://a.example/other-" + round + ".jpg";
    expect(200, service.form("PUT", "/api/images", id + "&img1=" + other));
    assertShows(shoe, List.of(other), List.of(video));
    expect(200, service.form("DELETE", "/api/images", id));
    expect(404, service.get("/api/images?" + id));
    expect(404, service.get("/api/products/" + shoe + "/media"));
  }

  private static void assertShows(long shoe, List<String> images, List<String> videos) {
    for (String path : new String[] {"/api/images?shoe_id=", "/api/images/?shoe_id="}) {
      JsonObject shown = new JsonObject(expect(200, service.get(path + shoe)).body());
      assertEquals(new JsonArray(images), shown.getJsonArray("data"));
      assertEquals(new JsonArray(videos), shown.getJsonArray("videos"));
    }
  }

  @Test
  void readAfterAWriteReturnsTheSameDocument() {
    String path = "/api/products/6000/media";
    HttpResponse<String> created =
        expect(
            201,
            service.write(
                "PUT",
                path,
                "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\",\"alt\":\"Left \\\"ä\\\"\"},"
                    + "{\"type\":\"video\",\"url\":\"/2.webm\"}]}"));
    assertSameAsRead(path, created);
    List<Long> ids = ids(created);
    assertTrue(ids.get(0) >= 1_000 && ids.get(1) > ids.get(0), ids.toString());

    HttpResponse<String> added =
        expect(
            201,
            service.write(
                "POST", path + "/items?position=1", "{\"type\":\"image\",\"url\":\"/3.jpg\"}"));
    assertSameAsRead(path, added);
    long third = ids(added).get(1);
    assertEquals(List.of(ids.get(0), third, ids.get(1)), ids(added));
    String item = added.headers().firstValue("Location").orElseThrow();
    assertEquals(path + "/items/" + third, item);

    HttpResponse<String> patched = expect(200, service.write("PATCH", item, "{\"width\":800}"));
    assertSameAsRead(path, patched);
    assertTrue(patched.body().contains("\"/3.jpg\",\"width\":800}"), patched.body());

    String order = "{\"order\":[%d,%d,%d]}".formatted(third, ids.get(1), ids.get(0));
    HttpResponse<String> ordered = expect(200, service.write("PUT", path + "/order", order));
    assertSameAsRead(path, ordered);
    assertEquals(List.of(third, ids.get(1), ids.get(0)), ids(ordered));

    HttpResponse<String> removed = expect(204, service.request("DELETE", item));
    HttpResponse<String> after = service.get(path);
    assertEquals(List.of(ids.get(1), ids.get(0)), ids(after));
    assertEquals(tag(after), tag(removed));

    expect(204, service.request("DELETE", path));
    expect(404, service.get(path));
    expect(404, service.request("DELETE", path));
  }

  @Test
  void repeatedPutChangesNothingAndVersionsIncreaseAcrossADelete() {
    String path = "/api/products/6001/media";
    String body = "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}";
    HttpResponse<String> first = expect(201, service.write("PUT", path, body));
    HttpResponse<String> again = expect(200, service.write("PUT", path, body));
    assertEquals(first.body(), again.body());
    expect(204, service.request("DELETE", path));
    HttpResponse<String> recreated = expect(201, service.write("PUT", path, body));
    assertTrue(version(recreated) > version(first), recreated.body());
    assertNotEquals(ids(first), ids(recreated));
  }

  @Test
  void conditionalWriteNeedsTheVersionThatWasRead() {
    String path = "/api/products/6002/media";
    String body = "{\"media\":[{\"type\":\"image\",\"url\":\"/%d.jpg\"}]}";
    String tag =
        tag(expect(201, service.write("PUT", path, body.formatted(1), "If-None-Match", "*")));
    expect(412, service.write("PUT", path, body.formatted(2), "If-None-Match", "*"));
    String next = tag(expect(200, service.write("PUT", path, body.formatted(2), "If-Match", tag)));
    expect(412, service.write("PUT", path, body.formatted(3), "If-Match", tag));
    expect(412, service.request("DELETE", path, "If-Match", tag));
    expect(204, service.request("DELETE", path, "If-Match", tag + ", " + next));
    expect(412, service.request("DELETE", path, "If-Match", "*"));
  }

  @Test
  void concurrentItemsAreAllAdded() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    String path = "/api/products/6003/media";
    try {
      List<java.util.concurrent.Future<HttpResponse<String>>> added = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String item = "{\"type\":\"image\",\"url\":\"/%d.jpg\"}".formatted(i);
        added.add(clients.submit(() -> addWithRetries(path, item)));
      }
      for (java.util.concurrent.Future<HttpResponse<String>> each : added) {
        expect(201, each.get(60, TimeUnit.SECONDS));
      }
    } finally {
      clients.shutdownNow();
    }
    List<Long> ids = ids(service.get(path));
    assertEquals(40, ids.size());
    assertEquals(40, ids.stream().distinct().count());
  }

  /** Retries after a write conflict, which adds nothing. */
  private static HttpResponse<String> addWithRetries(String path, String item) {
    HttpResponse<String> response = service.write("POST", path + "/items", item);
    while (response.body().contains(Problem.WRITE_CONFLICT.type())) {
      response = service.write("POST", path + "/items", item);
    }
    return response;
  }

  @Test
  void refusedWriteChangesNothing() {
    service.put(6004);
    String path = "/api/products/6004/media";
    String before = service.get(path).body();
    expect(
        422,
        service.write("PUT", path, "{\"media\":[{\"id\":7,\"type\":\"image\",\"url\":\"/\"}]}"));
    expect(422, service.write("PUT", path, "{\"media\":[{\"type\":\"gif\"}]}"));
    expect(400, service.write("PUT", path, "{"));
    expect(404, service.write("PATCH", path + "/items/7", "{}"));
    expect(422, service.write("PATCH", path + "/items/1", "{\"url\":null}"));
    expect(
        422,
        service.write("POST", path + "/items?position=4", "{\"type\":\"image\",\"url\":\"/\"}"));
    expect(422, service.form("PUT", "/api/images", "shoe_id=6004&img4=/4.jpg"));
    HttpResponse<String> mismatch =
        expect(409, service.write("PUT", path + "/order", "{\"order\":[1,1,7]}"));
    JsonObject problem = new JsonObject(mismatch.body());
    assertEquals(JsonArray.of(2, 3), problem.getJsonArray("missing"));
    assertEquals(JsonArray.of(7), problem.getJsonArray("unknown"));
    assertEquals(JsonArray.of(1), problem.getJsonArray("repeated"));
    assertEquals(before, service.get(path).body());
  }

  @Test
  void busWritesAreReadOverHttp() throws Exception {
    ProductId id = new ProductId(6005);
    ProductMedia created =
        await(client.put(id, List.of(MediaItem.file(MediaItem.Type.IMAGE, "/1.jpg"))));
    assertEquals(created.document().toString(), service.get("/api/products/6005/media").body());
    ProductMedia added =
        await(
            client
                .ifVersion(created.version())
                .add(id, MediaItem.file(MediaItem.Type.VIDEO, "/2.webm"), 0));
    List<Long> ids = added.items().stream().map(MediaItem::id).toList();
    ProductMedia patched =
        await(client.update(id, ids.get(0), new JsonObject().put("poster", "/p.jpg")));
    assertEquals("/p.jpg", patched.items().get(0).poster());
    ProductMedia ordered = await(client.order(id, List.of(ids.get(1), ids.get(0))));
    assertEquals(ordered.document().toString(), service.get("/api/products/6005/media").body());
    assertEquals(1, await(client.remove(id, ids.get(0))).items().size());
    ProblemException stale =
        assertThrows(
            ProblemException.class, () -> await(client.ifVersion(created.version()).delete(id)));
    assertEquals(Problem.PRECONDITION_FAILED, stale.problem());
    assertTrue(await(client.delete(id)) > ordered.version());
    expect(404, service.get("/api/products/6005/media"));
  }

  private static void assertSameAsRead(String path, HttpResponse<String> written) {
    HttpResponse<String> read = expect(200, service.get(path));
    assertEquals(written.body(), read.body());
    assertEquals(tag(written), tag(read));
  }

  private static HttpResponse<String> expect(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.request() + " " + response.body());
    return response;
  }

  private static String tag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  private static long version(HttpResponse<String> response) {
    return new JsonObject(response.body()).getLong("version");
  }

  private static List<Long> ids(HttpResponse<String> response) {
    return new JsonObject(response.body())
        .getJsonArray("media").stream().map(item -> ((JsonObject) item).getLong("id")).toList();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(10, TimeUnit.SECONDS);
  }
}
