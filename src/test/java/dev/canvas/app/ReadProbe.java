package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Reads from a service whose servers are faulty, and checks what a client sees. */
final class ReadProbe {

  static final String MISS = "canvas; fwd=miss; detail=postgres";
  static final String HIT = "canvas; hit; detail=redis";
  static final String BYPASS = "canvas; fwd=bypass; detail=postgres";

  /**
   * The timeouts of the service: long enough for a busy machine, and together shorter than the send
   * timeout of the event bus, like the defaults in {@code conf/canvas.yaml}, which {@code
   * perf/faults} tests.
   */
  static final Map<String, String> TIMEOUTS =
      Map.of(
          "CANVAS_REDIS_TIMEOUT", "200ms",
          "CANVAS_POSTGRES_TIMEOUT", "400ms",
          "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s");

  /**
   * Both timeouts, one after the other, on a machine that is ten times slower than it should be. A
   * read without deadlines would take as long as the fault. {@code perf/faults} measures the times.
   */
  private static final long DEADLINE_MS = 6_000;

  /** How long a busy machine may need to reconnect. */
  static final Duration RECOVERY = Duration.ofSeconds(60);

  private final RunningService service;

  ReadProbe(RunningService service) {
    this.service = service;
  }

  HttpResponse<String> read(long product) {
    return service.get("/api/products/" + product + "/media");
  }

  /** Reads an existing product and returns its Cache-Status. */
  String source(long product) {
    HttpResponse<String> response = read(product);
    assertEquals(200, response.statusCode(), response.body());
    assertEquals(service.document(product), response.body());
    return response.headers().firstValue("Cache-Status").orElseThrow();
  }

  boolean isHit(long product) {
    return HIT.equals(read(product).headers().firstValue("Cache-Status").orElse(""));
  }

  /** Reads, and fails if the response takes too long. */
  HttpResponse<String> readWithinDeadline(long product) {
    long startNanos = System.nanoTime();
    HttpResponse<String> response = read(product);
    long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
    assertTrue(millis < DEADLINE_MS, millis + " ms for " + response.statusCode());
    return response;
  }

  /** Reads an existing product within the deadline and returns its Cache-Status. */
  String sourceWithinDeadline(long product) {
    HttpResponse<String> response = readWithinDeadline(product);
    assertEquals(200, response.statusCode(), response.body());
    return response.headers().firstValue("Cache-Status").orElseThrow();
  }

  /** Checks that the response is a 503 with Retry-After, within the deadline. */
  void assertUnavailable(long product) {
    HttpResponse<String> response = readWithinDeadline(product);
    assertEquals(503, response.statusCode(), response.body());
    assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(
        "urn:canvas:problem:unavailable", new JsonObject(response.body()).getString("type"));
  }

  /** Waits for several equal reports in a row, as each data verticle reports its own state. */
  void awaitTiers(String cache, String store) {
    await()
        .atMost(RECOVERY)
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
