package dev.canvas.data.cache;

import dev.canvas.data.store.Generation;
import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;

/**
 * The key in Redis that says which generation of the catalogue may be read there. Every command
 * looks at it: a value other than one's own generation, or none, means that the store has to be
 * asked, and then that one's own generation has to be learnt anew.
 *
 * <p>A swap sets it to {@link #SWAPPING} before, and to the new generation after its commit. Where
 * a swap died in between, or the key was lost, the next connection sets it to what the store says;
 * while a swap is under way none does ({@code Store.holdCatalogue}).
 */
final class GenerationMarker implements AutoCloseable {

  /** No generation: everybody asks the store. */
  private static final String SWAPPING = "swapping";

  /**
   * Goes before each script: the first of its keys is the marker, and has to be that of the others.
   */
  static final String GUARD =
      """
      local marker = redis.call('GET', table.remove(KEYS, 1))
      if marker ~= string.match(KEYS[1], '^canvas:%x+:(%d+):') then
        return redis.error_reply('SWAPPED the catalogue is swapped')
      end
      """;

  /** Sets the marker, unless a later generation is known. */
  static final String ENTER =
      """
      local there = redis.call('GET', KEYS[1])
      local known = tonumber(there or '')
      if known and known > tonumber(ARGV[1]) then
        return redis.error_reply('SWAPPED the catalogue is swapped')
      end
      if there ~= ARGV[1] then
        redis.call('SET', KEYS[1], ARGV[1])
      end
      return 'OK'
      """;

  private final Redis client;
  private final Future<RedisConnection> connection;
  private final Future<String> key;

  /**
   * @param store tells which it is from others that share the Redis
   */
  GenerationMarker(Vertx vertx, String redisUri, String store) {
    client = RedisLink.client(vertx, redisUri);
    connection = client.connect();
    key = connection.compose(RedisLink::run).map(run -> new Generation(store, 0).marker(run));
  }

  /** Makes every node read from the store. */
  Future<Void> suspend() {
    return set(SWAPPING);
  }

  /** Makes a generation the one that may be read and filled. */
  Future<Void> advanceTo(long generation) {
    return set(Long.toString(generation));
  }

  /** The connection, once it is there. */
  Future<RedisConnection> connection() {
    return connection;
  }

  @Override
  public void close() {
    client.close();
  }

  private Future<Void> set(String value) {
    return key.compose(
            marker -> connection.result().send(Request.cmd(Command.SET).arg(marker).arg(value)))
        .<Void>mapEmpty()
        .recover(
            away ->
                Future.failedFuture(
                    Problem.UNAVAILABLE.because(
                        "Redis is unreachable (%s). A finished load must invalidate the cache; start"
                            + " Redis, then run `./canvas seed --resume`.",
                        away.getMessage())));
  }
}
