package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisSettings;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the detector finds the near caches that a load has to wait for. */
class NearCacheDetectorIT {

  private static final KillableServers SERVERS = new KillableServers();

  private final Vertx vertx = Vertx.vertx();
  private final RedisSettings redis = RedisSettings.of(SERVERS.redis().uri());
  private RedisClient client;
  private RedisConnection publisher;
  private String run;

  @BeforeEach
  void connect() throws Exception {
    client = new RedisClient(vertx, redis);
    publisher = client.connect().await(10, TimeUnit.SECONDS);
    run = RedisIdentity.run(publisher).await(10, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aPingOfANearCacheIsDetected() throws Exception {
    try (NearCacheDetector detector = new NearCacheDetector(vertx, redis)) {
      lastPing(detector);
      long published = System.nanoTime();
      publish("canvas:" + run + ":9876543:changed", "ping:somebody:1");
      assertTrue(lastPing(detector) - published >= 0, "the ping of a near cache was not detected");
    }
  }

  @Test
  void changesAndPingsOfAnotherRunAreIgnored() throws Exception {
    try (NearCacheDetector detector = new NearCacheDetector(vertx, redis)) {
      long lastPing = lastPing(detector);
      publish("canvas:" + run + ":1:changed", "1 2 3");
      publish("canvas:of-another-run:1:changed", "ping:somebody:1");
      assertEquals(lastPing, lastPing(detector));
    }
  }

  @Test
  void afterALostConnectionNothingIsKnown() throws Exception {
    try (TcpProxy proxy = new TcpProxy(SERVERS.redis().uri());
        NearCacheDetector detector = new NearCacheDetector(vertx, RedisSettings.of(proxy.uri()))) {
      lastPing(detector);
      proxy.cut();
      long before = System.nanoTime();
      assertTrue(lastPing(detector) - before >= 0, "a lost connection is trusted");
    }
  }

  @Test
  void withoutRedisNothingIsKnown() throws Exception {
    try (NearCacheDetector detector =
        new NearCacheDetector(vertx, RedisSettings.of("redis://127.0.0.1:1"))) {
      long before = System.nanoTime();
      assertTrue(lastPing(detector) - before >= 0);
    }
  }

  private long lastPing(NearCacheDetector detector) throws Exception {
    return detector.lastPing(publisher).await(10, TimeUnit.SECONDS);
  }

  private void publish(String channel, String message) throws Exception {
    publisher
        .send(Request.cmd(Command.PUBLISH).arg(channel).arg(message))
        .await(10, TimeUnit.SECONDS);
  }
}
