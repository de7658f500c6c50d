package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SIGTERM while clients send requests, on kept connections and on new ones. */
class ShutdownIT {

  /** Long enough for this test to see that the process is not ready but still serves. */
  private static final String DRAIN_DELAY = "8s";

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void sigtermUnderLoadFailsNoRequest() throws Exception {
    CanvasProcess canvas =
        new CanvasProcess(settings(database.uri(), TestServers.shared().redisUri()), "serve");
    int port = Integer.parseInt(canvas.awaitLine("serves on http://\\S+:(\\d+) "));
    String management = canvas.awaitLine("management on (http://\\S+)");
    database.execute("insert into product_media (product_id, media) values (1, '[]')");
    try (LoadGenerator load = new LoadGenerator(port, "/api/products/1/media", 16, 16)) {
      awaitMoreResponses(load);
      canvas.terminate();
      await().until(() -> readiness(management) == 503);
      awaitMoreResponses(load);
      assertEquals(List.of(), load.failures());
      canvas.exitCode(Duration.ofSeconds(30));
      await().until(() -> load.failures().size() >= 32);
      assertEquals(
          List.of(),
          load.failures().stream()
              .filter(failure -> !failure.equals(LoadGenerator.REFUSED))
              .toList());
    }
    assertFalse(canvas.output().contains("Failed to register"), canvas.output());
  }

  @Test
  void sigtermWhileStartingIsNoFailure() {
    try (TcpProxy postgres = new TcpProxy(database.uri());
        TcpProxy redis = new TcpProxy(TestServers.shared().redisUri())) {
      Map<String, String> settings = settings(postgres.uri(), redis.uri());
      postgres.refuse();
      CanvasProcess waiting = new CanvasProcess(settings, "serve");
      waiting.awaitLine("The start waits for a store");
      assertStopsQuietly(waiting);

      postgres.mend();
      postgres.stall();
      CanvasProcess preparing = new CanvasProcess(settings, "serve");
      await().atMost(Duration.ofSeconds(90)).until(() -> postgres.connections() > 0);
      assertStopsQuietly(preparing);

      postgres.mend();
      redis.stall();
      CanvasProcess deploying = new CanvasProcess(settings, "serve");
      await().atMost(Duration.ofSeconds(90)).until(() -> redis.connections() > 0);
      assertStopsQuietly(deploying);
    }
  }

  private static void assertStopsQuietly(CanvasProcess canvas) {
    int before = canvas.output().length();
    canvas.terminate();
    // 128 and the number of SIGTERM.
    assertEquals(143, canvas.exitCode(Duration.ofSeconds(30)), canvas::output);
    for (String alarm : List.of("did not start", "Exception", "\tat ", "ERROR")) {
      assertFalse(canvas.output().substring(before).contains(alarm), canvas::output);
    }
  }

  private static Map<String, String> settings(String postgres, String redis) {
    return Map.of(
        "CANVAS_HTTP_HOST", "127.0.0.1",
        "CANVAS_HTTP_PORT", "0",
        "CANVAS_MANAGEMENT_PORT", "0",
        "CANVAS_HTTP_DRAIN_DELAY", DRAIN_DELAY,
        "CANVAS_POSTGRES_TIMEOUT", "10s",
        "CANVAS_REDIS_TIMEOUT", "2s",
        "CANVAS_AUTH_MODE", "none",
        "CANVAS_POSTGRES_URI", postgres,
        "CANVAS_REDIS_URI", redis);
  }

  private static void awaitMoreResponses(LoadGenerator load) {
    long before = load.responses();
    await().atMost(Duration.ofSeconds(30)).until(() -> load.responses() > before + 200);
  }

  private int readiness(String management) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(management + "/health/ready")).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
