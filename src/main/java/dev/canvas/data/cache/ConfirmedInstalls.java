package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The changes that this process has brought into the cache itself, and the cache has confirmed: the
 * relay need not repair them. An install does all that a repair does, and tells the same listeners;
 * a bulk's repair is one. To forget one is safe. Thread-safe.
 */
public final class ConfirmedInstalls {

  /**
   * Those of a second or so; more are there only where another process's relay is the one that
   * works.
   */
  private static final int MOST = 20_000;

  /** A version, and the part of Redis that has it. */
  private record Place(long version, String space) {}

  private final ConcurrentMap<ProductId, Place> places = new ConcurrentHashMap<>();

  /**
   * Notes rows whose install or repair was confirmed.
   *
   * @param space the part of Redis that confirmed it; null where that is not certain
   */
  public void confirmed(List<Row> rows, String space) {
    if (space == null) {
      return;
    }
    if (places.size() > MOST) {
      places.clear();
    }
    rows.forEach(row -> places.put(row.productId(), new Place(row.version(), space)));
  }

  /**
   * Whether a part of Redis has that change or a later one of this process; forgets it.
   *
   * @param space the part that would be repaired
   */
  public boolean take(ProductId productId, long version, String space) {
    Place place = places.get(productId);
    if (place == null || !place.space.equals(space) || place.version < version) {
      return false;
    }
    places.remove(productId, place);
    return true;
  }
}
