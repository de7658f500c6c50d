package dev.canvas.data.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Hears, from the moment it is made, whether there are near caches at all: one answers only while
 * the messages that its process sends itself come back, and those pass here too. So who has heard
 * none for as long as a near cache may go without need not wait for any. Thread-safe.
 */
final class NearWatch implements AutoCloseable {

  /** How long its own message may take before it counts as deaf. */
  private static final Duration DEADLINE = NearCache.HEARING;

  /** A message of its own: what was said before it has been heard when it is back. */
  private record Echo(String word, Promise<Void> returned) {}

  private final Redis client;
  private final Future<String> channel;
  private volatile Echo echo = new Echo("", Promise.promise());
  private volatile boolean deaf;
  private volatile long heardNanos = System.nanoTime();

  NearWatch(Vertx vertx, String redisUri) {
    client = RedisLink.client(vertx, redisUri);
    channel = client.connect().compose(this::listen);
  }

  /**
   * Since when no near cache has had a message of its own back, by {@link System#nanoTime}; now
   * where that is not known, as the connection was lost, or reaches another server.
   *
   * @param speaker a connection to Redis by which the near caches have been told already that what
   *     they have is no longer to be read
   */
  Future<Long> silentSince(RedisConnection speaker) {
    Echo mine = new Echo(UUID.randomUUID().toString(), Promise.promise());
    echo = mine;
    return channel
        .compose(own -> speaker.send(Request.cmd(Command.PUBLISH).arg(own).arg(mine.word)))
        .compose(told -> mine.returned.future())
        .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .map(heard -> deaf ? System.nanoTime() : heardNanos)
        .otherwise(failure -> System.nanoTime());
  }

  @Override
  public void close() {
    client.close();
  }

  private Future<String> listen(RedisConnection connection) {
    connection.endHandler(end -> deaf = true);
    connection.exceptionHandler(failure -> deaf = true);
    connection.handler(this::hear);
    return RedisLink.run(connection)
        .compose(
            run ->
                connection
                    .send(Request.cmd(Command.PSUBSCRIBE).arg(RedisSession.channels(run)))
                    .onSuccess(listening -> heardNanos = System.nanoTime())
                    .map(listening -> RedisSession.channel("canvas:" + run + ":watch")));
  }

  private void hear(Response message) {
    if (message.size() != 4 || !"pmessage".equals(message.get(0).toString())) {
      return;
    }
    String text = message.get(3).toString();
    if (text.equals(echo.word)) {
      echo.returned.tryComplete();
    } else if (text.startsWith(Subscription.PING)) {
      heardNanos = System.nanoTime();
    }
  }
}
