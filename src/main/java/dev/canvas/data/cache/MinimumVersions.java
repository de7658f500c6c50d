package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What this process knows better than the cache: what it writes without having announced it there,
 * until that is repaired, and for a short while what it has read past the cache, so that no reader
 * of this process goes back. Thread-safe.
 */
public final class MinimumVersions {

  private final ConcurrentMap<ProductId, Integer> inDoubt = new ConcurrentHashMap<>();
  private final ConcurrentMap<ProductId, Long> floors = new ConcurrentHashMap<>();
  private final SeenVersions seen = new SeenVersions(System::nanoTime);

  /** A commit of products is about to be sent: nothing that the cache says of them is believed. */
  public void doubt(Collection<ProductId> productIds) {
    productIds.forEach(productId -> inDoubt.merge(productId, 1, Integer::sum));
  }

  /** The outcome of a commit that was in doubt is known. */
  public void know(Collection<ProductId> productIds) {
    productIds.forEach(
        productId ->
            inDoubt.computeIfPresent(productId, (id, times) -> times == 1 ? null : times - 1));
  }

  /** Nothing older than that version is believed. */
  public void raise(ProductId productId, long version) {
    floors.merge(productId, version, Math::max);
  }

  /** The cache has nothing older than that version any more. */
  public void repaired(ProductId productId, long version) {
    floors.computeIfPresent(productId, (id, floor) -> floor <= version ? null : floor);
  }

  /** A reader has got this row past the cache. */
  public void saw(Row row) {
    seen.saw(row.productId(), row.version());
  }

  /** Whether what the cache says may be older than what this process has written. */
  public boolean isBelow(Row row) {
    ProductId productId = row.productId();
    return row.version() < seen.of(productId)
        || (!floors.isEmpty() && isOlder(row, floors.get(productId)))
        || (!inDoubt.isEmpty() && inDoubt.containsKey(productId));
  }

  private static boolean isOlder(Row row, Long floor) {
    return floor != null && row.version() < floor;
  }
}
