package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** What a reader notices of a service whose servers are faulty. */
final class Reads {

  static final String MISS = "canvas; fwd=miss; detail=postgres";
  static final String HIT = "canvas; hit; detail=redis";
  static final String BYPASS = "canvas; fwd=bypass; detail=postgres";

  /**
   * For the service: what a machine keeps that does other things too. Together less than the bus
   * waits, as the deadlines of {@code conf/canvas.yaml} are; how soon these are kept is measured by
   * {@code perf/faults}.
   */
  static final Map<String, String> DEADLINES =
      Map.of(
          "CANVAS_REDIS_TIMEOUT", "200ms",
          "CANVAS_POSTGRES_TIMEOUT", "400ms",
          "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s");

  /** Both deadlines, one after the other, and some patience; the bus gives up later. */
  private static final long SOON_MS = 850;

  /** Beyond what it takes a busy machine to connect again. */
  static final Duration BACK = Duration.ofSeconds(10);

  private final RunningService service;

  Reads(RunningService service) {
    this.service = service;
  }

  HttpResponse<String> read(long product) {
    return service.get("/api/products/" + product + "/media");
  }

  /** Reads a product that is there, and answers with where it came from. */
  String source(long product) {
    HttpResponse<String> answer = read(product);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(service.document(product), answer.body());
    return answer.headers().firstValue("Cache-Status").orElseThrow();
  }

  boolean isHit(long product) {
    return HIT.equals(read(product).headers().firstValue("Cache-Status").orElse(""));
  }

  /** As {@link #read}, but not for long. */
  HttpResponse<String> readSoon(long product) {
    long began = System.nanoTime();
    HttpResponse<String> answer = read(product);
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertTrue(millis < SOON_MS, millis + " ms for " + answer.statusCode());
    return answer;
  }

  /** Reads a product that is there, soon, and answers with where it came from. */
  String sourceSoon(long product) {
    HttpResponse<String> answer = readSoon(product);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue("Cache-Status").orElseThrow();
  }

  /** The reader is told soon to come again. */
  void assertUnavailable(long product) {
    HttpResponse<String> answer = readSoon(product);
    assertEquals(503, answer.statusCode(), answer.body());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("urn:canvas:problem:unavailable", new JsonObject(answer.body()).getString("type"));
  }

  /** Each data verticle answers for itself, so several answers in a row have to agree. */
  void awaitTiers(String cache, String store) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              for (int i = 0; i < 4; i++) {
                var checks =
                    new JsonObject(service.management("/health/ready").body())
                        .getJsonArray("checks");
                if (!checks.getJsonObject(0).getString("status").equals(cache)
                    || !checks.getJsonObject(1).getString("status").equals(store)) {
                  return false;
                }
              }
              return true;
            });
  }
}
