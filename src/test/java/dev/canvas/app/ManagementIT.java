package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The management port: health, readiness and metrics. */
class ManagementIT {

  private static RunningService service;

  @BeforeAll
  static void start() {
    service = new RunningService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void runningServiceIsAliveAndReady() {
    assertEquals(200, service.management("/health/live").statusCode());
    HttpResponse<String> ready = service.management("/health/ready");
    assertEquals(200, ready.statusCode(), ready.body());
    assertEquals("UP", new JsonObject(ready.body()).getString("status"));
  }

  @Test
  void readinessIsToldWhileTheLoopsOfAllRequestsAreBusy() throws Exception {
    Set<Object> lanes =
        Set.copyOf(service.vertx().sharedData().getLocalMap("canvas.lanes").keySet());
    CountDownLatch busy = new CountDownLatch(lanes.size());
    CountDownLatch release = new CountDownLatch(1);
    for (EventExecutor loop : ((VertxInternal) service.vertx()).nettyEventLoopGroup()) {
      loop.execute(
          () -> {
            if (lanes.contains(Thread.currentThread().getName())) {
              busy.countDown();
              await(release);
            }
          });
    }
    try {
      assertTrue(busy.await(30, TimeUnit.SECONDS));
      HttpResponse<String> ready = service.management("/health/ready");
      assertEquals(200, ready.statusCode(), ready.body());
      assertEquals(200, service.management("/health/live").statusCode());
      assertEquals(200, service.management("/metrics").statusCode());
    } finally {
      release.countDown();
    }
  }

  private static void await(CountDownLatch release) {
    try {
      release.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void metricsCoverTiersRoutesAndTheEventBus() {
    service.put(300);
    double hits = reads("redis");
    double misses = reads(service.store.tier());
    service.get("/api/products/300/media");
    service.get("/api/products/300/media");
    assertEquals(hits + 1, reads("redis"));
    assertEquals(misses + 1, reads(service.store.tier()));
    String metrics = service.management("/metrics").body();
    assertTrue(metrics.contains("canvas_tier_up{tier=\"redis\""), metrics);
    assertTrue(
        metrics.contains("vertx_http_server_response_time_seconds_count")
            && metrics.contains("route=\"/api/products/:id/media\""),
        metrics);
    assertTrue(metrics.contains("vertx_eventbus_"), metrics);
    assertTrue(metrics.contains("vertx_pool_"), metrics);
    assertTrue(metrics.contains("jvm_memory_used_bytes"), metrics);
  }

  @Test
  void readStaysOnTheEventLoopOfItsRequest() {
    for (int id = 310; id < 330; id++) {
      service.get("/api/products/" + id + "/media");
    }
    String metrics = service.management("/metrics").body();
    assertTrue(
        metrics.contains("vertx_eventbus_delivered_total{address=\"canvas.data.get@"), metrics);
    assertFalse(
        metrics.matches("(?s).*delivered_total\\{address=\"canvas.data.get\"\\} [1-9].*"), metrics);
  }

  @Test
  void publicPortDoesNotServeManagement() {
    assertEquals(404, service.get("/metrics").statusCode());
    assertEquals(404, service.get("/health/ready").statusCode());
  }

  private static double reads(String source) {
    String metrics = service.management("/metrics").body();
    String value =
        metrics.replaceFirst(
            "(?s).*canvas_reads_total\\{source=\"" + source + "\"\\} ([0-9.E]+).*", "$1");
    return Double.parseDouble(value);
  }
}
