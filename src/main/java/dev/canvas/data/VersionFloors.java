package dev.canvas.data;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.canvas.media.ProductId;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What this process knows better than the cache: what it writes without having announced it there,
 * until that is repaired, and for a short while what it has read past the cache, so that no reader
 * of this process goes back. Thread-safe.
 */
final class VersionFloors {

  /** Longer than the relay takes to repair the cache after a change that nobody announced. */
  private static final Duration SEEN = Duration.ofSeconds(2);

  private static final int MAX_SEEN = 100_000;

  private final ConcurrentMap<ProductId, Integer> inDoubt = new ConcurrentHashMap<>();
  private final ConcurrentMap<ProductId, Long> floors = new ConcurrentHashMap<>();
  private final Cache<ProductId, Long> seen =
      Caffeine.newBuilder()
          .maximumSize(MAX_SEEN)
          .expireAfterWrite(SEEN)
          .executor(Runnable::run)
          .build();

  /** A commit of products is about to be sent: nothing that the cache says of them is believed. */
  void doubt(Collection<ProductId> productIds) {
    productIds.forEach(productId -> inDoubt.merge(productId, 1, Integer::sum));
  }

  /** The outcome of a commit that was in doubt is known. */
  void know(Collection<ProductId> productIds) {
    productIds.forEach(
        productId ->
            inDoubt.computeIfPresent(productId, (id, times) -> times == 1 ? null : times - 1));
  }

  /** Nothing older than that version is believed. */
  void raise(ProductId productId, long version) {
    floors.merge(productId, version, Math::max);
  }

  /** The cache has nothing older than that version any more. */
  void repaired(ProductId productId, long version) {
    floors.computeIfPresent(productId, (id, floor) -> floor <= version ? null : floor);
  }

  /** A reader has got this row past the cache. */
  void saw(Row row) {
    seen.asMap().merge(row.productId(), row.version(), Math::max);
  }

  /** Whether what the cache says may be older than what this process has written. */
  boolean isBelow(Row row) {
    ProductId productId = row.productId();
    return isOlder(row, seen.getIfPresent(productId))
        || (!floors.isEmpty() && isOlder(row, floors.get(productId)))
        || (!inDoubt.isEmpty() && inDoubt.containsKey(productId));
  }

  private static boolean isOlder(Row row, Long floor) {
    return floor != null && row.version() < floor;
  }
}
