package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The minimum version of each product below which a cached value is rejected and the store is read
 * instead. It covers what this process knows and the cache may not: its own writes that could not
 * be fenced, until the cache is repaired, and for two seconds what its readers got from the store,
 * so that none of them goes back in time. Thread-safe. See {@code
 * docs/adr/0007-minimum-versions-per-process.md}.
 */
public final class MinimumVersions {

  private static final Object ABANDONED = new Object();

  /** Commits without a fence that have not been answered, by product. */
  private final ConcurrentMap<ProductId, Integer> uncertain = new ConcurrentHashMap<>();

  private final ConcurrentMap<ProductId, Long> minimums = new ConcurrentHashMap<>();

  /** The minimum version of all products, for each owner that has more than it can remember. */
  private final ConcurrentMap<Object, Long> floors = new ConcurrentHashMap<>();

  private final SeenVersions seen = new SeenVersions(System::nanoTime);

  /**
   * Rejects every cached value of products until {@link #resolve}: a commit is about to be sent.
   */
  public void markUncertain(Collection<ProductId> productIds) {
    productIds.forEach(productId -> uncertain.merge(productId, 1, Integer::sum));
  }

  /** Ends one {@link #markUncertain}: the outcome of the commit is known. */
  public void resolve(Collection<ProductId> productIds) {
    productIds.forEach(
        productId ->
            uncertain.computeIfPresent(productId, (id, times) -> times == 1 ? null : times - 1));
  }

  /** Rejects older cached values until {@link #clear}. */
  public void raise(ProductId productId, long version) {
    minimums.merge(productId, version, Math::max);
  }

  /** Drops the minimum unless it is higher: the cache holds nothing older than this version. */
  public void clear(ProductId productId, long version) {
    minimums.computeIfPresent(productId, (id, minimum) -> minimum <= version ? null : minimum);
  }

  /**
   * Rejects older cached values of <em>every</em> product until {@link #clearAll}. It takes the
   * place of {@link #raise} where there are more products than may be remembered: a value that is
   * older than the version of its own product is older than the highest version of all of them.
   *
   * @param owner which clears it
   */
  public void raiseAll(Object owner, long version) {
    floors.merge(owner, version, Math::max);
  }

  /** Drops the minimum of all products that an owner has raised. */
  public void clearAll(Object owner) {
    floors.remove(owner);
  }

  /** Leaves the minimum that an owner has raised for all products to whoever takes it over. */
  public synchronized void abandonAll(Object owner) {
    Long floor = floors.get(owner);
    if (floor != null) {
      raiseAll(ABANDONED, floor);
      floors.remove(owner);
    }
  }

  /**
   * Makes what others have abandoned an owner's own.
   *
   * @return whether there was any
   */
  public synchronized boolean takeOverAll(Object owner) {
    Long floor = floors.get(ABANDONED);
    if (floor == null) {
      return false;
    }
    raiseAll(owner, floor);
    floors.remove(ABANDONED);
    return true;
  }

  /** Rejects older cached values for two seconds: a reader got this row from the store. */
  public void recordRead(Row row) {
    seen.record(row.productId(), row.version());
  }

  /** Whether a cached row may be older than what this process has written or shown to a reader. */
  public boolean rejects(Row row) {
    ProductId productId = row.productId();
    return row.version() < seen.latest(productId)
        || (!minimums.isEmpty() && isOlder(row, minimums.get(productId)))
        || (!uncertain.isEmpty() && uncertain.containsKey(productId))
        || (!floors.isEmpty() && floors.values().stream().anyMatch(floor -> row.version() < floor));
  }

  private static boolean isOlder(Row row, Long minimum) {
    return minimum != null && row.version() < minimum;
  }
}
