package dev.canvas.data.cache;

import dev.canvas.data.DataSettings;
import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the data verticles of all nodes, through Redis, that the whole catalogue changes. Blocking:
 * not for an event loop.
 *
 * @see GenerationMarker
 */
public final class RedisCatalogueSwitch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisCatalogueSwitch.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** A near cache that hears nothing answers no longer than that. */
  private static final Duration NEAR_CACHES = NearCache.HEARING.plusMillis(50);

  private final Supplier<GenerationMarker> markers;
  private final NearWatch nearCaches;
  private GenerationMarker opened;

  /**
   * Made when a load begins: by its end it knows whether there are near caches that have to be
   * waited for.
   *
   * @param store tells the store from others that share the Redis
   */
  public RedisCatalogueSwitch(Vertx vertx, DataSettings settings, String store) {
    markers = () -> new GenerationMarker(vertx, settings.redisUri(), store);
    nearCaches = new NearWatch(vertx, settings.redisUri());
  }

  /**
   * Has all readers ask the store; when it returns none of them answers from what it has kept.
   *
   * @throws dev.canvas.media.ProblemException where Redis cannot be told
   */
  public void begin() throws InterruptedException {
    await(marker().swapping());
    awaitNearCaches();
  }

  /**
   * Lets the readers keep what they read of a generation. Where Redis cannot be told they find out
   * when they connect to it.
   */
  public void end(long generation) throws InterruptedException {
    try {
      await(marker().current(generation));
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
    await(marker().current(generation));
    awaitNearCaches();
  }

  @Override
  public void close() {
    nearCaches.close();
    if (opened != null) {
      opened.close();
    }
  }

  /** Connected when it is needed, which may be hours after the load began. */
  private GenerationMarker marker() {
    if (opened == null) {
      opened = markers.get();
    }
    return opened;
  }

  private void awaitNearCaches() throws InterruptedException {
    long silent = await(marker().connection().compose(nearCaches::silentSince));
    long left = NEAR_CACHES.toNanos() - (System.nanoTime() - silent);
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future
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
