package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.SharedStore;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that share the stores and no event bus: each hears the changes of all. */
@Timeout(180)
class ChangesIT {

  private static final String MEDIA = "{\"media\":[{\"type\":\"image\",\"url\":\"/%d.jpg\"}]}";

  private static KillableServers servers;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void eachNodeHearsTheNewestStateOfEachProductWithRedisAndWithout() {
    try (RunningService one = node();
        RunningService other = nodeBeside(one)) {
      Heard first = new Heard(one.vertx());
      Heard second = new Heard(other.vertx());
      Map<Long, Long> written = new HashMap<>();
      for (int n = 0; n < 300; n++) {
        write(n % 2 == 0 ? one : other, n % 60, n, written);
      }
      first.awaitAll(written);
      second.awaitAll(written);
      assertTrue(first.events.get() <= 450, () -> "Told repeatedly: " + first.events);
      assertTrue(second.events.get() <= 450, () -> "Told repeatedly: " + second.events);

      servers.redis().kill();
      for (int n = 100; n < 110; n++) {
        write(n % 2 == 0 ? one : other, n, n, written);
      }
      first.awaitAll(written);
      second.awaitAll(written);
      write(one, 2, 2, written);
      write(other, 3, 3, written);
      servers.redis().restart();
      write(one, 4, 4, written);
      write(other, 5, 5, written);
      first.awaitAll(written);
      second.awaitAll(written);
    } finally {
      servers.mend();
    }
  }

  @Test
  void aNodeHearsWhatTheKilledNodeHadNotToldYet() {
    PostgresTestStore store = new PostgresTestStore(servers.postgres().uri());
    new RunningService(store, servers.redis().uri(), Map.of()).stop();
    Map<String, String> environment = new HashMap<>(store.environment());
    environment.put("CANVAS_REDIS_URI", servers.redis().uri());
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.put("CANVAS_AUTH_MODE", "none");
    CanvasProcess relaying = new CanvasProcess(environment, "serve");
    relaying.awaitLine("serves on http://");
    // The process started first, so its relay works and this one's waits.
    try (RunningService survivor =
        new RunningService(new SharedStore(store), servers.redis().uri(), Map.of())) {
      Heard heard = new Heard(survivor.vertx());
      Map<Long, Long> written = new HashMap<>();
      write(survivor, 0, 0, written);
      heard.awaitAll(written);
      for (int n = 1; n <= 100; n++) {
        write(survivor, n, n, written);
        if (n == 50) {
          relaying.kill();
        }
      }
      heard.awaitAll(written);
    } finally {
      relaying.kill();
      store.close();
    }
  }

  private static RunningService node() {
    return new RunningService(servers.postgres().uri(), servers.redis().uri(), Map.of());
  }

  private static RunningService nodeBeside(RunningService one) {
    return new RunningService(new SharedStore(one.store), servers.redis().uri(), Map.of());
  }

  private static void write(RunningService node, long id, int n, Map<Long, Long> written) {
    HttpResponse<String> answer =
        node.write("PUT", "/api/products/" + id + "/media", MEDIA.formatted(n));
    assertTrue(answer.statusCode() / 100 == 2, answer::body);
    written.put(id, new JsonObject(answer.body()).getLong("version"));
  }

  /** A listener to all changes, which remembers the newest version of each product. */
  private static final class Heard {

    private final Map<Long, Long> versions = new ConcurrentHashMap<>();
    private final AtomicInteger events = new AtomicInteger();

    Heard(Vertx vertx) {
      vertx
          .eventBus()
          .<JsonObject>consumer(Addresses.MEDIA_CHANGED, change -> add(change.body()))
          .completion()
          .await();
    }

    private void add(JsonObject change) {
      events.incrementAndGet();
      versions.merge(change.getLong("product_id"), change.getLong("version"), Math::max);
    }

    void awaitAll(Map<Long, Long> written) {
      await().untilAsserted(() -> assertEquals(written, versions));
    }
  }
}
