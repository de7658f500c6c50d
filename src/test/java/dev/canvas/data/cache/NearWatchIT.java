package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether near caches are heard that may have to be waited for. */
class NearWatchIT {

  private static final KillableServers SERVERS = new KillableServers();

  private final Vertx vertx = Vertx.vertx();
  private final String uri = SERVERS.redis().uri();
  private Redis client;
  private RedisConnection speaker;
  private String run;

  @BeforeEach
  void connect() throws Exception {
    client = RedisLink.client(vertx, uri);
    speaker = client.connect().await(10, TimeUnit.SECONDS);
    run = RedisLink.runId(speaker).await(10, TimeUnit.SECONDS);
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
  void aNearCacheIsHeardWheneverAMessageOfItsOwnComesBack() throws Exception {
    try (NearCacheDetector watch = new NearCacheDetector(vertx, uri)) {
      silentSince(watch);
      long told = System.nanoTime();
      publish("canvas:" + run + ":9876543:changed", "ping:somebody:1");
      assertTrue(silentSince(watch) - told >= 0, "the message of a near cache was not heard");
    }
  }

  @Test
  void changesAndTheNearCachesOfAnotherRunAreNotWaitedFor() throws Exception {
    try (NearCacheDetector watch = new NearCacheDetector(vertx, uri)) {
      long silent = silentSince(watch);
      publish("canvas:" + run + ":1:changed", "1 2 3");
      publish("canvas:of-another-run:1:changed", "ping:somebody:1");
      assertEquals(silent, silentSince(watch));
    }
  }

  @Test
  void whoseConnectionWasLostKnowsNothing() throws Exception {
    try (TcpProxy proxy = new TcpProxy(uri);
        NearCacheDetector watch = new NearCacheDetector(vertx, proxy.uri())) {
      silentSince(watch);
      proxy.cut();
      long before = System.nanoTime();
      assertTrue(silentSince(watch) - before >= 0, "it trusts a connection that is gone");
    }
  }

  @Test
  void whoReachesNoRedisKnowsNothing() throws Exception {
    try (NearCacheDetector watch = new NearCacheDetector(vertx, "redis://127.0.0.1:1")) {
      long before = System.nanoTime();
      assertTrue(silentSince(watch) - before >= 0);
    }
  }

  private long silentSince(NearCacheDetector watch) throws Exception {
    return watch.lastPing(speaker).await(10, TimeUnit.SECONDS);
  }

  private void publish(String channel, String message) throws Exception {
    speaker
        .send(Request.cmd(Command.PUBLISH).arg(channel).arg(message))
        .await(10, TimeUnit.SECONDS);
  }
}
