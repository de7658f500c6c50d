package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestServers;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier finds, counts and removes what is stale in the caches, and nothing else. */
class HitVerifierIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration FORGOTTEN = Duration.ofSeconds(5);
  private static final String MEDIA =
      "{\"media\":[{\"type\":\"image\",\"url\":\"https://a.example/%s.jpg\",\"alt\":\"%s\"}]}";

  private static RunningService service;
  private static Redis redis;

  @BeforeAll
  static void start() {
    Map<String, String> verifying =
        Map.of("CANVAS_VERIFY_SAMPLE", "1", "CANVAS_CACHE_NEAR_ENABLED", "true");
    service = new RunningService(verifying);
    redis = Redis.createClient(service.vertx(), TestServers.shared().redisUri());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000000000001", "0000999999999999"})
  void aVersionThatTheStoreDoesNotHaveIsFoundAndRemoved(String version) throws Exception {
    long product = version.startsWith("00000000") ? 501 : 502;
    put(product, "right");
    String key = cached(product);
    double before = metric("canvas_stale_reads_total", "tier=\"redis\"");
    set(key, version);
    // A node that has just read the product from the store knows better than Redis, and asks the
    // store again instead of taking the hit. It forgets that within seconds without reads.
    await()
        .atMost(SOON)
        .pollInterval(FORGOTTEN)
        .until(
            () -> {
              service.get("/api/products/" + product + "/media");
              return metric("canvas_stale_reads_total", "tier=\"redis\"") > before;
            });
    await()
        .atMost(SOON)
        .until(
            () -> service.get("/api/products/" + product + "/media").headers().firstValue("ETag"),
            tag -> tag.isPresent() && !tag.get().equals("\"" + Long.parseLong(version) + "\""));
  }

  @Test
  void whatIsWrittenAndReadInTurnIsNotStale() {
    double stale = metric("canvas_stale_reads_total", "");
    double verified = metric("canvas_verified_reads_total", "");
    for (int round = 0; round < 200; round++) {
      put(510 + round % 3, "round " + round);
      for (int read = 0; read < 5; read++) {
        assertTrue(
            service
                .get("/api/products/" + (510 + round % 3) + "/media")
                .body()
                .contains("round " + round));
      }
    }
    await().atMost(SOON).until(() -> metric("canvas_verified_reads_total", "") > verified);
    assertEquals(stale, metric("canvas_stale_reads_total", ""));
  }

  /** Reads a product until Redis has it, and returns its key. */
  private static String cached(long product) {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              service.get("/api/products/" + product + "/media");
              String pattern = "canvas:*:%d:m:%d".formatted(service.store.generation(), product);
              Response keys = send(Request.cmd(Command.KEYS).arg(pattern));
              if (keys.size() == 0) {
                return "";
              }
              String key = keys.get(0).toString();
              Response value = send(Request.cmd(Command.GET).arg(key));
              return value != null && value.toString().startsWith("V") ? key : "";
            },
            key -> !key.isEmpty());
  }

  /** Replaces the version of a cached value. */
  private static void set(String key, String version) throws Exception {
    send(Request.cmd(Command.SETRANGE).arg(key).arg(1).arg(version));
  }

  private static Response send(Request request) throws Exception {
    return redis.send(request).await(10, TimeUnit.SECONDS);
  }

  private static void put(long product, String word) {
    int status =
        service
            .write("PUT", "/api/products/" + product + "/media", MEDIA.formatted("a", word))
            .statusCode();
    assertTrue(status == 200 || status == 201);
  }

  /** The sum of the series of a counter whose labels contain a text. */
  private static double metric(String name, String labels) {
    Matcher series =
        Pattern.compile("(?m)^" + name + "(\\{[^}]*})? ([0-9.E]+)$")
            .matcher(service.management("/metrics").body());
    double sum = 0;
    while (series.find()) {
      if (labels.isEmpty() || (series.group(1) != null && series.group(1).contains(labels))) {
        sum += Double.parseDouble(series.group(2));
      }
    }
    return sum;
  }
}
