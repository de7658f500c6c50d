package dev.canvas.data.cache;

import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisSettings;
import dev.canvas.redis.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether any near cache is active, by listening for pings from the moment it is created.
 * A near cache answers only while its own pings come back, and those arrive here too. If none was
 * received for as long as a near cache may answer without one, there is none to wait for.
 * Thread-safe.
 */
final class NearCacheDetector implements AutoCloseable {

  /** How long the probe may take before the connection counts as lost. */
  private static final Duration DEADLINE = NearCache.VALIDITY;

  /** A message of its own. When it returns, all messages published before it have arrived. */
  private record Probe(String text, Promise<Void> returned) {}

  private final RedisClient client;
  private final Future<String> channel;
  private volatile Probe probe = new Probe("", Promise.promise());
  private volatile boolean connectionLost;
  private volatile long lastPingNanos = System.nanoTime();

  NearCacheDetector(Vertx vertx, RedisSettings redis) {
    client = new RedisClient(vertx, redis);
    channel = client.connect().compose(this::subscribe);
  }

  /**
   * When the last ping arrived, by {@link System#nanoTime}; now if that is not known because the
   * connection was lost or reaches another server.
   *
   * @param publisher the connection over which the near caches have already been told to stop
   */
  Future<Long> lastPing(RedisConnection publisher) {
    Probe sent = new Probe(UUID.randomUUID().toString(), Promise.promise());
    probe = sent;
    return channel
        .compose(own -> publisher.send(Request.cmd(Command.PUBLISH).arg(own).arg(sent.text)))
        .compose(published -> sent.returned.future())
        .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .map(returned -> connectionLost ? System.nanoTime() : lastPingNanos)
        .otherwise(failure -> System.nanoTime());
  }

  @Override
  public void close() {
    client.close();
  }

  private Future<String> subscribe(RedisConnection connection) {
    connection.endHandler(end -> connectionLost = true);
    connection.exceptionHandler(failure -> connectionLost = true);
    return RedisIdentity.run(connection)
        .compose(
            runId ->
                Subscription.of(
                        connection,
                        Command.PSUBSCRIBE,
                        RedisSession.channelPattern(runId),
                        this::onMessage)
                    .onSuccess(subscribed -> lastPingNanos = System.nanoTime())
                    .map(subscribed -> RedisSession.channel("canvas:" + runId + ":watch")));
  }

  private void onMessage(Response message) {
    if (message.size() != 4 || !"pmessage".equals(message.get(0).toString())) {
      return;
    }
    String text = message.get(3).toString();
    if (text.equals(probe.text)) {
      probe.returned.tryComplete();
    } else if (text.startsWith(InvalidationListener.PING)) {
      lastPingNanos = System.nanoTime();
    }
  }
}
