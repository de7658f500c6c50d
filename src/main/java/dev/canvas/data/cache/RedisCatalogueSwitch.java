package dev.canvas.data.cache;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.media.Problem;
import dev.canvas.redis.RedisSettings;
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
 * Switches the caches of all nodes through Redis: sets the {@link GenerationMarker}, which every
 * command checks, then waits until no near cache can still answer from before.
 *
 * <p>Create it when the load begins: it watches from then on whether any near caches exist. It
 * connects to Redis only when the first switch needs it, which may be hours later. Blocking; use it
 * from one thread, never an event loop.
 */
public final class RedisCatalogueSwitch implements CatalogueSwitch {

  private static final Logger LOG = LoggerFactory.getLogger(RedisCatalogueSwitch.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** A near cache that receives no messages stops answering within this time. */
  private static final Duration NEAR_CACHES_EXPIRE = NearCache.VALIDITY.plusMillis(50);

  private final Supplier<GenerationMarker> markers;
  private final NearCacheDetector nearCaches;
  private GenerationMarker connectedMarker;

  /**
   * @param redis where Redis is
   * @param store id of the store, which separates its keys from others in the same Redis
   */
  public RedisCatalogueSwitch(Vertx vertx, RedisSettings redis, String store) {
    markers = () -> new GenerationMarker(vertx, redis, store);
    nearCaches = new NearCacheDetector(vertx, redis);
  }

  @Override
  public void bypassCaches() throws InterruptedException {
    await(marker().suspend());
    awaitNearCaches();
  }

  @Override
  public void resumeCaches(long generation) throws InterruptedException {
    try {
      await(marker().advanceTo(generation));
    } catch (RuntimeException unreachable) {
      LOG.warn(
          "Could not set generation {} in Redis ({}). Nodes read from the store until they reconnect"
              + " to Redis, then set it themselves.",
          generation,
          unreachable.getMessage());
    }
  }

  @Override
  public void advanceTo(long generation) throws InterruptedException {
    await(marker().advanceTo(generation));
    awaitNearCaches();
  }

  @Override
  public void close() {
    nearCaches.close();
    if (connectedMarker != null) {
      connectedMarker.close();
    }
  }

  private GenerationMarker marker() {
    if (connectedMarker == null) {
      connectedMarker = markers.get();
    }
    return connectedMarker;
  }

  private void awaitNearCaches() throws InterruptedException {
    long lastPing = await(marker().connection().compose(nearCaches::lastPing));
    long left = NEAR_CACHES_EXPIRE.toNanos() - (System.nanoTime() - lastPing);
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
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (TimeoutException late) {
      throw Problem.UNAVAILABLE.because(
          "Redis did not answer within %d s. A finished load must invalidate the cache; start Redis,"
              + " then run `./canvas seed --resume`.",
          DEADLINE.toSeconds());
    }
  }
}
