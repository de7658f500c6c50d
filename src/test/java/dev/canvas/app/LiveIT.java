package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.LiveSocket;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Browsers that follow changes of the whole service. */
@Timeout(60)
class LiveIT {

  private static final String MEDIA =
      "{\"media\":[{\"type\":\"image\",\"url\":\"https://a.example/%d.jpg\"}]}";

  private static Vertx browsers;

  @BeforeAll
  static void start() {
    browsers = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    browsers.close().await();
  }

  @Test
  void browserReceivesEachChangeOfItsProductWithTheNewVersion() throws Exception {
    try (RunningService service = new RunningService()) {
      LiveSocket socket = LiveSocket.open(browsers, service.httpPort());
      assertEquals("delete", socket.follow(1).getJsonObject("body").getString("change"));
      for (int n = 1; n <= 3; n++) {
        service.write("PUT", "/api/products/2/media", MEDIA.formatted(n));
        String body = service.write("PUT", "/api/products/1/media", MEDIA.formatted(n)).body();
        JsonObject change = socket.nextFrame().getJsonObject("body");
        assertEquals(new JsonObject(body).getLong("version"), change.getLong("version"));
        assertEquals("put", change.getString("change"));
      }
      service.request("DELETE", "/api/products/1/media");
      assertEquals("delete", socket.nextFrame().getJsonObject("body").getString("change"));
      socket.close();

      LiveSocket later = LiveSocket.open(browsers, service.httpPort());
      assertEquals("put", later.follow(2).getJsonObject("body").getString("change"));
    }
  }

  @Test
  void addressesOfProductsShareTheirMeters() throws Exception {
    try (RunningService service = new RunningService()) {
      LiveSocket socket = LiveSocket.open(browsers, service.httpPort());
      for (int id = 1; id <= 20; id++) {
        socket.follow(id);
      }
      String metrics = service.management("/metrics").body();
      assertTrue(metrics.contains("address=\"canvas.media.changed.*\"} 20"), metrics);
      assertFalse(metrics.contains("canvas.media.changed.1\""), metrics);
      assertTrue(metrics.contains("canvas_live_opened_total 1.0"), metrics);
      assertTrue(
          metrics.contains("vertx_http_server_active_requests{method=\"GET\"} 1.0"),
          "only the request for the metrics, as an upgraded request is not active: " + metrics);
      socket.close();
      await()
          .until(
              () -> service.management("/metrics").body().contains("canvas_live_closed_total 1"));
    }
  }

  @Test
  void openSocketsDoNotDelayTheStop() {
    long startNanos;
    LiveSocket socket;
    try (RunningService service = new RunningService()) {
      socket = LiveSocket.open(browsers, service.httpPort());
      startNanos = System.nanoTime();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    assertTrue(took.compareTo(Duration.ofSeconds(9)) < 0, took::toString);
    await().until(socket::isClosed);
  }
}
