package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The changes whose install or repair the cache has confirmed to this process, so that its relay
 * need not repair them again: an install does all that a repair does. Forgetting one is safe.
 * Thread-safe.
 */
public final class ConfirmedInstalls {

  /**
   * About a second's worth of changes. More accumulate only while another process holds the relay
   * lock.
   */
  private static final int MAX_PRODUCTS = 20_000;

  private record Install(long version, String keyPrefix) {}

  private final ConcurrentMap<ProductId, Install> installs = new ConcurrentHashMap<>();

  /**
   * Records rows whose install or repair was confirmed.
   *
   * @param keyPrefix under which it was confirmed; null if that is not certain
   */
  public void record(List<Row> rows, String keyPrefix) {
    if (keyPrefix == null) {
      return;
    }
    if (installs.size() > MAX_PRODUCTS) {
      installs.clear();
    }
    rows.forEach(row -> installs.put(row.productId(), new Install(row.version(), keyPrefix)));
  }

  /**
   * Whether this process has confirmed that change or a later one of the product. Forgets it if so.
   *
   * @param keyPrefix under which the relay would repair it
   */
  public boolean take(ProductId productId, long version, String keyPrefix) {
    Install install = installs.get(productId);
    if (install == null || !install.keyPrefix.equals(keyPrefix) || install.version < version) {
      return false;
    }
    installs.remove(productId, install);
    return true;
  }
}
