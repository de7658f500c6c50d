package dev.canvas.data.cache;

import dev.canvas.data.store.Generation;
import dev.canvas.media.Problem;
import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;

/**
 * The key in Redis that names the generation of the catalogue that may be read there. Every command
 * checks it. If it differs from the generation of a connection, the command fails, reads go to the
 * store, and the next connection learns the generation from the store. If it is missing, because it
 * was evicted, the connection sets it again unless the store has another generation.
 *
 * <p>A switch of the catalogue sets it to {@link #SWAPPING} before its commit and to the new
 * generation afterwards. If a switch died in between, or the key was lost, the next connection sets
 * it to the generation in the store. No connection does so during a switch, because it holds the
 * generation in the store meanwhile ({@code Store.holdGeneration}). See {@code
 * docs/adr/0011-loading-and-switching-the-catalogue.md}.
 */
final class GenerationMarker implements AutoCloseable {

  /**
   * How long Redis keeps it after its last renewal, so that the markers of stores and servers that
   * are gone go too. One that expires under a connection is set again like one that was evicted.
   */
  static final Duration LIFE = Duration.ofDays(7);

  /** How often each connection renews it. */
  static final Duration RENEWAL = Duration.ofHours(6);

  /** Names no generation, so every node reads from the store. */
  private static final String SWAPPING = "swapping";

  private final RedisClient client;
  private final Future<RedisConnection> connection;
  private final Future<String> key;

  /**
   * @param store id of the store, which separates its marker from others in the same Redis
   */
  GenerationMarker(Vertx vertx, RedisSettings redis, String store) {
    client = new RedisClient(vertx, redis);
    connection = client.connect();
    key =
        connection
            .compose(RedisIdentity::run)
            .map(runId -> new Generation(store, 0).markerKey(runId));
  }

  /** Makes every node read from the store. */
  Future<Void> suspend() {
    return set(SWAPPING);
  }

  /** Makes a generation the one that may be read and filled. */
  Future<Void> advanceTo(long generation) {
    return set(Long.toString(generation));
  }

  /** The connection, once it is established. */
  Future<RedisConnection> connection() {
    return connection;
  }

  @Override
  public void close() {
    client.close();
  }

  private Future<Void> set(String value) {
    return key.compose(
            marker ->
                connection
                    .result()
                    .send(
                        Request.cmd(Command.SET)
                            .arg(marker)
                            .arg(value)
                            .arg("PX")
                            .arg(LIFE.toMillis())))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Future.failedFuture(
                    Problem.UNAVAILABLE.because(
                        "Redis is unreachable (%s). A finished load must invalidate the cache;"
                            + " start Redis, then run `./canvas seed --resume`.",
                        failure.getMessage())));
  }
}
