package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.Secrets;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  void metricsCanBeTurnedOff() {
    try (RunningService uncounted = new RunningService(Map.of("CANVAS_METRICS_ENABLED", "false"))) {
      uncounted.put(1);
      assertEquals(200, uncounted.get("/api/products/1/media").statusCode());
      assertEquals("", uncounted.management("/metrics").body());
      assertEquals(200, uncounted.management("/health/ready").statusCode());
    }
  }

  /** A page whose site points its own name here, and pages of other sites. */
  @Test
  void pagesOfOtherSitesReachNothing() throws IOException {
    String scale =
        "POST /verticles HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
    String own = "127.0.0.1:" + service.managementPort();
    for (String request :
        List.of(
            "GET /metrics HTTP/1.1\r\nHost: rebound.example:1122\r\n",
            "GET /health/live HTTP/1.1\r\nHost: rebound.example\r\n",
            scale + "Host: rebound.example\r\n",
            scale + "Host: " + own + "\r\nOrigin: https://evil.example\r\n",
            scale + "Host: " + own + "\r\nOrigin: null\r\n",
            scale + "Host: " + own + "\r\nSec-Fetch-Site: cross-site\r\n")) {
      String answer = exchange(request + "Connection: close\r\n\r\n{}");
      assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
      assertTrue(answer.contains("application/problem+json"), answer);
    }
    for (String request :
        List.of(
            "GET /metrics HTTP/1.1\r\nHost: localhost:1122\r\n",
            "GET /health/live HTTP/1.1\r\nHost: canvas:1122\r\n",
            "GET /verticles HTTP/1.1\r\nHost: [::1]:1122\r\n",
            "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n")) {
      String answer = exchange(request + "Connection: close\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }
    // An empty object is refused for what it lacks, not for where it comes from.
    String same = scale + "Host: " + own + "\r\nOrigin: http://" + own + "\r\n";
    String answer = exchange(same + "Connection: close\r\n\r\n{}");
    assertTrue(answer.startsWith("HTTP/1.1 4") && !answer.startsWith("HTTP/1.1 403 "), answer);
  }

  @Test
  void aMissingKeyIsToldApartFromAWrongOne() throws IOException {
    String key = Secrets.secret("-of-the-management-port");
    try (RunningService guarded = new RunningService(Map.of("CANVAS_MANAGEMENT_KEY", key))) {
      int port = guarded.managementPort();
      String missing = exchange(port, metrics(""));
      String other = exchange(port, metrics("Authorization: Basic eDp5\r\n"));
      String wrong = exchange(port, metrics("Authorization: Bearer " + key + "x\r\n"));
      for (String refused : List.of(missing, other)) {
        assertTrue(refused.startsWith("HTTP/1.1 401 "), refused);
        assertTrue(
            refused.contains("needs its key (management.key): expected the header"), refused);
      }
      assertTrue(wrong.startsWith("HTTP/1.1 401 "), wrong);
      assertTrue(wrong.contains("This is not the key of the management port: expected"), wrong);
      assertFalse(wrong.contains(key), wrong);
      String right = exchange(port, metrics("Authorization: Bearer " + key + "\r\n"));
      assertTrue(right.startsWith("HTTP/1.1 200 "), right);
    }
  }

  private static String metrics(String header) {
    return "GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + header + "Connection: close\r\n\r\n";
  }

  @Test
  void everyAnswerOfBothPortsForbidsSniffingAndHasAPolicy() throws IOException {
    for (int port : new int[] {service.managementPort(), service.httpPort()}) {
      for (String path :
          List.of(
              "/",
              "/products/1",
              "/api/products/1/media",
              "/api/media/export",
              "/eventbus/info",
              "/product-canvas.js",
              "/product-canvas.json",
              "/nothing",
              "/%",
              "/health/live",
              "/health/ready",
              "/metrics",
              "/verticles",
              "/seed",
              "/process",
              "no-slash",
              "/x y")) {
        String answer =
            exchange(
                port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        String head = answer.split("\r\n\r\n", 2)[0].toLowerCase(Locale.ROOT);
        assertTrue(head.contains("\r\nx-content-type-options: nosniff"), path + " " + head);
        assertTrue(
            head.contains("\r\ncontent-security-policy: default-src 'none'"), path + " " + head);
      }
    }
  }

  private static String exchange(String request) throws IOException {
    return exchange(service.managementPort(), request);
  }

  private static String exchange(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
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
  void theProcessTellsItsPortsAndItsStoresWithoutPasswords() {
    JsonObject process = new JsonObject(service.management("/process").body());
    List<?> ports = process.getJsonArray("ports").getList();
    assertTrue(ports.containsAll(List.of(service.httpPort(), service.managementPort())));
    assertEquals(2, process.getJsonArray("stores").size(), process::encode);
    assertEquals(Set.of("release", "ports", "stores"), process.fieldNames());
  }

  @Test
  void publicPortDoesNotServeManagement() {
    assertEquals(404, service.get("/process").statusCode());
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
