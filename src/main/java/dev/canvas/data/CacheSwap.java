package dev.canvas.data;

import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the data verticles of all nodes, through Redis, that the whole catalogue changes. Blocking:
 * not for an event loop.
 *
 * @see Marker
 */
public final class CacheSwap implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheSwap.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** A near cache that hears nothing answers no longer than that. */
  private static final Duration NEAR_CACHES = NearCache.HEARING.plusMillis(50);

  private final Marker marker;

  /**
   * @param store tells the store from others that share the Redis
   */
  public CacheSwap(Vertx vertx, DataSettings settings, String store) {
    marker = new Marker(vertx, settings.redisUri(), store);
  }

  /**
   * Has all readers ask the store; when it returns none of them answers from what it has kept.
   *
   * @throws dev.canvas.media.ProblemException where Redis cannot be told
   */
  public void begin() throws InterruptedException {
    await(marker.swapping());
    Thread.sleep(NEAR_CACHES.toMillis());
  }

  /**
   * Lets the readers keep what they read of a generation. Where Redis cannot be told they find out
   * when they connect to it.
   */
  public void end(long generation) throws InterruptedException {
    try {
      await(marker.current(generation));
    } catch (RuntimeException away) {
      LOG.warn("Redis was not told of the new generation: {}", away.getMessage());
    }
  }

  /**
   * Has the readers keep nothing but what they read of a generation that the store tells of
   * already; when it returns none of them answers from an older one.
   *
   * @throws dev.canvas.media.ProblemException where Redis cannot be told
   */
  public void move(long generation) throws InterruptedException {
    await(marker.current(generation));
    Thread.sleep(NEAR_CACHES.toMillis());
  }

  @Override
  public void close() {
    marker.close();
  }

  private static void await(Future<Void> future) throws InterruptedException {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException told
          ? told
          : new IllegalStateException(failed.getCause());
    } catch (TimeoutException late) {
      throw Problem.UNAVAILABLE.because(
          "Redis did not answer in %d s, so its readers cannot be told that the catalogue changes:"
              + " mend it, and go on with the load",
          DEADLINE.toSeconds());
    }
  }
}
