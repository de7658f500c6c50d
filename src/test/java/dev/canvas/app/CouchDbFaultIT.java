package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A service while CouchDB is frozen, refusing or unreachable, and while one of two nodes has no
 * Redis.
 */
class CouchDbFaultIT {

  private static final String BODY = "{\"media\":[{\"type\":\"image\",\"url\":\"/%d.jpg\"}]}";

  /** Long enough that a busy machine does not look like a fault. */
  private static final Map<String, String> LONG_TIMEOUT = Map.of("CANVAS_REDIS_TIMEOUT", "1s");

  /** A product that no other test has read. */
  private static long product = 700;

  private static CouchDbTestStore store;
  private static TcpProxy couchDb;
  private static TcpProxy redis;
  private static RunningService other;
  private static RunningService service;
  private static ReadProbe probe;

  @BeforeAll
  static void start() {
    store = new CouchDbTestStore(TestCouchDb.shared());
    couchDb = new TcpProxy(TestCouchDb.shared());
    redis = new TcpProxy(TestServers.shared().redisUri());
    // The first service is the active relay.
    other = new RunningService(store, TestServers.shared().redisUri(), LONG_TIMEOUT);
    await().until(() -> !store.get("canvas-relay").getString("holder").isEmpty());
    service =
        new RunningService(
            store,
            redis.uri(),
            Map.of(
                "CANVAS_COUCHDB_URI",
                store.uri(couchDb.uri()),
                "CANVAS_COUCHDB_TIMEOUT",
                "400ms",
                "CANVAS_COUCHDB_WRITE_TIMEOUT",
                "1s",
                "CANVAS_REDIS_TIMEOUT",
                "200ms"));
    probe = new ReadProbe(service);
  }

  @AfterEach
  void everythingIsBack() {
    couchDb.mend();
    redis.mend();
    probe.awaitTiers("UP", "UP");
  }

  @AfterAll
  static void stop() {
    service.stop();
    other.close();
    redis.close();
    couchDb.close();
  }

  @Test
  void whileCouchDbIsFrozenOnlyCachedProductsAreServed() {
    assertOnlyCachedAreServed(couchDb::stall);
  }

  @Test
  void whileCouchDbRefusesConnectionsOnlyCachedProductsAreServed() {
    assertOnlyCachedAreServed(
        () -> {
          couchDb.refuse();
          couchDb.cut();
        });
  }

  @Test
  void aWriteWithoutAnAnswerIsUnknownAndItsOutcomeIsReadAfterwards() {
    String path = path(++product);
    assertEquals(201, service.write("PUT", path, BODY.formatted(1)).statusCode());
    couchDb.stall();
    HttpResponse<String> unknown = service.write("PUT", path, BODY.formatted(2));
    assertEquals(503, unknown.statusCode());
    String type = new JsonObject(unknown.body()).getString("type");
    assertTrue(
        type.equals(Problem.OUTCOME_UNKNOWN.type()) || type.equals(Problem.UNAVAILABLE.type()),
        unknown.body());
    couchDb.mend();
    probe.awaitTiers("UP", "UP");
    await().until(() -> service.write("PUT", path, BODY.formatted(3)).statusCode() == 200);
    assertEquals(store.document(product), service.get(path).body());
    assertEquals(store.document(product), other.get(path).body());
    assertTrue(service.get(path).body().contains("/3.jpg"));
  }

  @Test
  void aWriteOfANodeWithoutRedisIsReadByTheOtherSoon() {
    for (int i = 0; i < 5; i++) {
      String path = path(++product);
      assertEquals(201, service.write("PUT", path, BODY.formatted(1)).statusCode());
      assertTrue(other.get(path).body().contains("/1.jpg"));
      redis.refuse();
      redis.cut();
      probe.awaitTiers("DOWN", "UP");
      HttpResponse<String> written = service.write("PUT", path, BODY.formatted(2));
      assertEquals(200, written.statusCode(), written.body());
      await().until(() -> written.body().equals(other.get(path).body()));
      redis.mend();
      probe.awaitTiers("UP", "UP");
      assertEquals(written.body(), service.get(path).body());
    }
  }

  @Test
  void manyReadsShareFewConnections() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(16);
    try {
      List<Callable<Integer>> misses =
          IntStream.range(0, 400)
              .<Callable<Integer>>mapToObj(id -> () -> probe.read(100_000L + id).statusCode())
              .toList();
      for (Future<Integer> read : clients.invokeAll(misses)) {
        // A busy machine may miss the short deadline of this service.
        assertTrue(Set.of(404, 503).contains(read.get()), read.get().toString());
      }
    } finally {
      clients.shutdown();
      assertTrue(clients.awaitTermination(10, TimeUnit.SECONDS));
    }
    // A data verticle has four connections to read and four to write; the relay has six.
    int max = 8 * Runtime.getRuntime().availableProcessors() + 6;
    assertTrue(couchDb.connections() <= max, couchDb.connections() + " connections");
  }

  private static void assertOnlyCachedAreServed(Runnable fault) {
    long cached = ++product;
    service.put(cached);
    await().until(() -> probe.isHit(cached));
    fault.run();
    for (int i = 0; i < 5; i++) {
      assertEquals(ReadProbe.HIT, probe.sourceWithinDeadline(cached));
      probe.assertUnavailable(++product);
    }
    probe.awaitTiers("UP", "DOWN");
  }

  private static String path(long productId) {
    return "/api/products/" + productId + "/media";
  }
}
