package dev.canvas.data.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection to Redis through a firewall that forgets idle connections without a word. */
class HeartbeatIT {

  /** Firewalls have a minute and more, and the heart beats every ten seconds. */
  private static final Duration MEMORY = Duration.ofMillis(1_500);

  private static final Duration PERIOD = Duration.ofMillis(100);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final TcpProxy firewall = new TcpProxy(TestServers.shared().redisUri());
  private final AtomicInteger attempts = new AtomicInteger();
  private final HeldConnection<RedisConnection> held =
      new HeldConnection<>(
          context,
          new OutageLog("Redis"),
          "Redis",
          Duration.ofSeconds(1),
          onEnd -> {
            attempts.incrementAndGet();
            return new PingLink(vertx, firewall.uri());
          });

  @AfterEach
  void close() {
    held.close();
    vertx.close().await();
    firewall.close();
  }

  @Test
  void firstCommandAfterAPauseFailsWithoutAHeartbeat() throws Exception {
    connect();
    pause();
    assertThrows(HeldConnection.UnavailableException.class, this::ping);
  }

  @Test
  void firstCommandAfterAPauseSucceedsWithAHeartbeat() throws Exception {
    connect();
    context.runOnContext(
        now -> Heartbeat.start(context, held, session -> session.send(pingRequest()), PERIOD));
    pause();
    assertEquals("PONG", ping());
    assertEquals(1, attempts.get());
  }

  private void connect() throws Exception {
    firewall.forgetIdle(MEMORY);
    Promise<Void> connected = Promise.promise();
    context.runOnContext(now -> held.connect().onComplete(connected));
    connected.future().await(10, TimeUnit.SECONDS);
  }

  /** Nobody asks Redis for longer than the firewall remembers. */
  private static void pause() {
    long end = System.nanoTime() + 2 * MEMORY.toNanos();
    await().until(() -> System.nanoTime() - end > 0);
  }

  private String ping() throws Exception {
    Promise<String> answer = Promise.promise();
    context.runOnContext(
        now ->
            held.call(session -> session.send(pingRequest()).map(Object::toString))
                .onComplete(answer));
    return answer.future().await(10, TimeUnit.SECONDS);
  }

  private static Request pingRequest() {
    return Request.cmd(Command.PING);
  }

  private record PingLink(Redis redis, Future<RedisConnection> ready)
      implements Link<RedisConnection> {

    PingLink(Vertx vertx, String uri) {
      this(Redis.createClient(vertx, uri));
    }

    private PingLink(Redis redis) {
      this(redis, redis.connect());
    }

    @Override
    public boolean isFatal(Throwable failure) {
      return true;
    }

    @Override
    public void close() {
      redis.close();
    }
  }
}
