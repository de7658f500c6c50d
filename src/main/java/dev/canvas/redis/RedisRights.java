package dev.canvas.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;

/**
 * Finds out whether a Redis lets its user do what Canvas does: run scripts that read, write and
 * publish. Without one of these rights the cache could not be kept right, so it is not used at all.
 * It is tried out, because a user may seldom ask for its own rights; the key lives for a second.
 */
public final class RedisRights {

  /** What the key and the channel of every try begin with, like all of Canvas. */
  private static final String TRIED = "canvas:rights";

  /** Has every command of the scripts of the cache: rights are given for each one. */
  static final String TRY =
      """
      redis.call('TIME')
      redis.call('GET', KEYS[1])
      redis.call('GETRANGE', KEYS[1], 0, 0)
      redis.call('SET', KEYS[1], '1', 'PX', 1000)
      redis.call('SETRANGE', KEYS[1], 0, '1')
      redis.call('PEXPIRE', KEYS[1], 1000)
      redis.call('DEL', KEYS[1])
      redis.call('PUBLISH', ARGV[1], '')
      return 1
      """;

  private RedisRights() {}

  /** Fails with what Redis refused; see {@link RedisFailure}. */
  public static Future<Void> check(RedisConnection connection) {
    // Sent together; the first that is refused tells most.
    Future<?> reads = connection.send(Request.cmd(Command.MGET).arg(TRIED));
    Future<?> loads = connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg("return 1"));
    Future<?> publishes = connection.send(Request.cmd(Command.PUBLISH).arg(TRIED).arg(""));
    Future<?> runs =
        connection.send(Request.cmd(Command.EVAL).arg(TRY).arg(1).arg(TRIED).arg(TRIED));
    return Future.join(reads, loads, publishes, runs)
        .transform(
            done -> {
              for (Future<?> each : new Future<?>[] {reads, loads, publishes, runs}) {
                if (each.failed()) {
                  return Future.failedFuture(each.cause());
                }
              }
              return Future.succeededFuture();
            });
  }

  /** Fails if the user may not subscribe. The connection serves nothing else afterwards. */
  public static Future<Void> checkSubscription(RedisConnection connection) {
    return Subscription.of(connection, Command.SUBSCRIBE, TRIED, message -> {});
  }
}
