package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More reads than a store that is slow, but not away, can answer. */
class OverloadIT {

  /** More than the limit of one event loop at its start, and than may wait. */
  private static final int CLIENTS = 600;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern SHED =
      Pattern.compile("canvas_shed_total\\{kind=\"cold-read\",reason=\"\\w+\"\\} ([0-9.E]+)");

  private static TcpProxy postgres;
  private static RunningService service;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    postgres = new TcpProxy(TestServers.shared().postgresUri());
    service =
        new RunningService(
            postgres.uri(),
            TestServers.shared().redisUri(),
            Map.of(
                "CANVAS_POSTGRES_TIMEOUT", "60s",
                "CANVAS_REDIS_TIMEOUT", "2s",
                "CANVAS_CACHE_NEAR_ENABLED", "true",
                "CANVAS_DATA_INSTANCES", "1",
                "CANVAS_HTTP_INSTANCES", "1"));
  }

  @AfterEach
  void mend() {
    postgres.mend();
  }

  @AfterAll
  static void stop() {
    service.close();
    postgres.close();
  }

  @Test
  void whatTheStoreCannotAnswerIsRefusedWhileWhatIsCachedIsServed() {
    service.put(1);
    await().atMost(PATIENCE).until(() -> status(1).contains("detail=near"));
    postgres.stall();
    List<CompletableFuture<HttpResponse<String>>> cold = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      cold.add(get(1_000 + i));
    }
    // The store is stalled all the time, so what is answered is answered without it.
    int most = 256;
    await().atMost(PATIENCE).until(() -> answered(cold).size() >= CLIENTS - most);
    for (int i = 0; i < 100; i++) {
      assertEquals(200, service.get("/api/products/1/media").statusCode());
    }
    for (HttpResponse<String> each : answered(cold)) {
      assertEquals(503, each.statusCode(), each.body());
      assertEquals("1", each.headers().firstValue("Retry-After").orElseThrow());
      assertTrue(each.body().contains("urn:canvas:problem:unavailable"), each.body());
    }
    assertEquals(200, service.management("/health/ready").statusCode());

    postgres.mend();
    await().atMost(PATIENCE).until(() -> answered(cold).size() == CLIENTS);
    // Those that were admitted are answered, or had to wait for longer than a lane does (0.9 s).
    assertTrue(
        answered(cold).stream().allMatch(each -> List.of(404, 503).contains(each.statusCode())));
    int shed = shed();
    assertTrue(shed >= CLIENTS - most, shed + " were shed");
    assertTrue(shed < CLIENTS, shed + " were shed");
    List<CompletableFuture<HttpResponse<String>>> later = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      later.add(get(5_000 + i));
    }
    later.forEach(each -> assertEquals(404, each.join().statusCode(), each.join().body()));
    assertEquals(shed, shed());
  }

  @Test
  void manyReadsOfOneProductAreOneReadOfTheStore() {
    service.put(2);
    postgres.delay(Duration.ofMillis(100));
    double before = filled();
    List<CompletableFuture<HttpResponse<String>>> reads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      reads.add(get(2));
    }
    reads.forEach(each -> assertEquals(200, each.join().statusCode(), each.join().body()));
    await().atMost(PATIENCE).untilAsserted(() -> assertEquals(before + 1, filled()));
    assertEquals(0, metric("canvas_reads_total\\{source=\"postgres_bypass\"\\} ([0-9.E]+)"));
  }

  private static CompletableFuture<HttpResponse<String>> get(long product) {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + service.httpPort() + "/api/products/" + product + "/media");
    return CLIENT.sendAsync(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<HttpResponse<String>> answered(
      List<CompletableFuture<HttpResponse<String>>> requests) {
    List<HttpResponse<String>> answered = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> each : requests) {
      if (each.isDone()) {
        answered.add(each.join());
      }
    }
    return answered;
  }

  private static String status(long product) {
    return service
        .get("/api/products/" + product + "/media")
        .headers()
        .firstValue("Cache-Status")
        .orElse("");
  }

  private static int shed() {
    String metrics = service.management("/metrics").body();
    return (int)
        SHED.matcher(metrics)
            .results()
            .map(MatchResult::group)
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  private static double filled() {
    return metric("canvas_cache_fills_total\\{result=\"filled\"\\} ([0-9.E]+)");
  }

  private static double metric(String pattern) {
    var found = Pattern.compile(pattern).matcher(service.management("/metrics").body());
    assertTrue(found.find(), pattern);
    return Double.parseDouble(found.group(1));
  }
}
