package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.data.DataNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scaling of a running service. */
class ScaleIT {

  private static final DeliveryOptions LONG_TIMEOUT = new DeliveryOptions().setSendTimeout(30_000);

  private RunningService service;

  @BeforeEach
  void start() {
    service =
        new RunningService(Map.of("CANVAS_HTTP_INSTANCES", "2", "CANVAS_DATA_INSTANCES", "2"));
    service.put(1);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void scalingDataVerticlesUnderLoadFailsNoRequest() throws Exception {
    try (LoadGenerator load =
        new LoadGenerator(service.httpPort(), "/api/products/1/media", 6, 0)) {
      for (int round = 0; round < 3; round++) {
        for (int instances : new int[] {4, 1, 2}) {
          awaitMoreResponses(load);
          assertEquals(list(2, instances), scale("data", instances).body());
          assertEquals(list(2, instances), service.management("/verticles").body());
          awaitConnections(instances);
          assertGauge("data", instances);
        }
      }
      awaitMoreResponses(load);
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void requestsOnTheSharedAddressMoveFromALeavingDataVerticle() throws Exception {
    // Batches use the shared address, not a lane.
    try (LoadGenerator load =
        new LoadGenerator(service.httpPort(), "/api/products/media?ids=1", 8, 0)) {
      for (int round = 0; round < 25; round++) {
        scale("data", 4);
        scale("data", 1);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void scalingHttpVerticlesUnderLoadFailsNoRequest() throws Exception {
    try (LoadGenerator load =
        new LoadGenerator(service.httpPort(), "/api/products/1/media", 6, 4)) {
      for (int round = 0; round < 3; round++) {
        for (int instances : new int[] {3, 1, 2}) {
          awaitMoreResponses(load);
          assertEquals(list(instances, 2), scale("http", instances).body());
          assertEquals(list(instances, 2), service.management("/verticles").body());
          assertGauge("http", instances);
        }
      }
      awaitMoreResponses(load);
      assertEquals(List.of(), load.failures());
      assertTrue(load.closedByServer() > 0, "no client was asked to close its connection");
    }
  }

  @Test
  void newConnectionsAreServedWhileAnHttpVerticleLeaves() throws Exception {
    try (LoadGenerator load =
        new LoadGenerator(service.httpPort(), "/api/products/1/media", 0, 8)) {
      for (int round = 0; round < 30; round++) {
        scale("http", 1);
        scale("http", 2);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void busListsAndScalesVerticles() throws Exception {
    assertEquals(list(2, 2), onBus(new JsonObject()).encode());
    assertEquals(
        list(2, 3), onBus(new JsonObject().put("role", "data").put("instances", 3)).encode());
    ReplyException refused =
        assertThrows(
            ReplyException.class,
            () -> onBus(new JsonObject().put("role", "data").put("instances", 0)));
    assertEquals(400, refused.failureCode());
    assertEquals(400, new JsonObject(refused.getMessage()).getInteger("status"));
  }

  @Test
  void scaleRequestsRunOneAtATime() throws Exception {
    var bus = service.vertx().eventBus();
    List<io.vertx.core.Future<JsonObject>> replies =
        List.of(4, 1, 3).stream()
            .map(n -> new JsonObject().put("role", "data").put("instances", n))
            .map(
                body ->
                    bus.<JsonObject>request(Addresses.VERTICLES, body, LONG_TIMEOUT)
                        .map(reply -> reply.body()))
            .toList();
    assertEquals(list(2, 4), replies.get(0).await(30, TimeUnit.SECONDS).encode());
    assertEquals(list(2, 1), replies.get(1).await(30, TimeUnit.SECONDS).encode());
    assertEquals(list(2, 3), replies.get(2).await(30, TimeUnit.SECONDS).encode());
    awaitConnections(3);
  }

  @Test
  void readinessReportsTheNumberOfVerticles() {
    scale("data", 3);
    assertEquals(
        new JsonObject(list(2, 3)).getJsonArray("verticles"),
        new JsonObject(service.management("/health/ready").body()).getJsonArray("verticles"));
  }

  @Test
  void everyLoopHasItsLaneWhenEachRoleHasOneVerticlePerLoop() {
    int loops = Runtime.getRuntime().availableProcessors();
    for (int round = 0; round < 5; round++) {
      for (String role : new String[] {"data", "http"}) {
        scale(role, 1);
        scale(role, loops);
      }
      double before = readsOutsideLanes();
      try (LoadGenerator load =
          new LoadGenerator(service.httpPort(), "/api/products/1/media", 0, 2)) {
        awaitMoreResponses(load);
      }
      assertEquals(before, readsOutsideLanes());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "3",
        "{}",
        "{\"role\":\"seed\",\"instances\":1}",
        "{\"role\":\"data\",\"instances\":0}"
      })
  void malformedRequestIsRefused(String body) {
    HttpResponse<String> refused = service.manage("POST", "/verticles", body);
    assertEquals(400, refused.statusCode(), refused.body());
    assertEquals(list(2, 2), service.management("/verticles").body());
  }

  @Test
  void formsOfOtherSitesAreRefused() {
    String body = "{\"role\":\"data\",\"instances\":3}";
    for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded"}) {
      assertEquals(415, service.manage("POST", "/verticles", body, type).statusCode());
    }
    assertEquals(list(2, 2), service.management("/verticles").body());
  }

  @Test
  void resourceAllowsReadsAndPosts() {
    assertEquals(200, service.manage("HEAD", "/verticles", "").statusCode());
    assertEquals(413, service.manage("POST", "/verticles", " ".repeat(1_025)).statusCode());
    HttpResponse<String> refused = service.manage("DELETE", "/verticles", "");
    assertEquals(405, refused.statusCode());
    assertEquals("GET, HEAD, POST, OPTIONS", refused.headers().firstValue("Allow").orElseThrow());
    HttpResponse<String> read = service.manage("POST", "/health/live", "");
    assertEquals("GET, HEAD, OPTIONS", read.headers().firstValue("Allow").orElseThrow());
  }

  private HttpResponse<String> scale(String role, int instances) {
    HttpResponse<String> response =
        service.manage(
            "POST",
            "/verticles",
            new JsonObject().put("role", role).put("instances", instances).encode());
    assertEquals(200, response.statusCode(), response.body());
    return response;
  }

  private JsonObject onBus(JsonObject body) throws Exception {
    return service
        .vertx()
        .eventBus()
        .<JsonObject>request(Addresses.VERTICLES, body, LONG_TIMEOUT)
        .await(30, TimeUnit.SECONDS)
        .body();
  }

  private static String list(int http, int data) {
    return "{\"verticles\":[{\"role\":\"http\",\"instances\":%d},{\"role\":\"data\",\"instances\":%d}]}"
        .formatted(http, data);
  }

  private static void awaitMoreResponses(LoadGenerator load) {
    long before = load.responses();
    await().until(() -> load.responses() > before + 200 || !load.failures().isEmpty());
  }

  private void awaitConnections(int verticles) {
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    Integer.toString(DataNode.postgresConnections(verticles)),
                    service
                        .database()
                        .query(
                            "select count(*) from pg_stat_activity where application_name ="
                                + " 'canvas' and datname = current_database()")));
  }

  private void assertGauge(String role, int expected) {
    String metrics = service.management("/metrics").body();
    assertTrue(
        metrics.contains("canvas_verticles{role=\"%s\"} %d.0".formatted(role, expected)), metrics);
  }

  /** The number of reads that were delivered on the shared address. */
  private double readsOutsideLanes() {
    return service
        .management("/metrics")
        .body()
        .lines()
        .filter(
            line -> line.startsWith("vertx_eventbus_delivered_total{address=\"canvas.data.get\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
