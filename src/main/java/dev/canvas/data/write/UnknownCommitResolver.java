package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps products of a commit with an unknown outcome from being read from the cache until the
 * server has stopped executing it, because it may still take effect. It renews the fence of the
 * group; or if there is none, leaves the products marked uncertain in this process. Once the commit
 * has ended the store has the outcome. Belongs to one event loop.
 */
final class UnknownCommitResolver {

  private static final Logger LOG = LoggerFactory.getLogger(UnknownCommitResolver.class);

  private static final Duration RENEWAL = Cache.FENCE_LIFE.dividedBy(10);

  private final Vertx vertx;
  private final Store store;
  private final Cache cache;
  private final MinimumVersions minimumVersions;
  private final PendingRepairs repairs;
  private boolean closed;

  UnknownCommitResolver(
      Vertx vertx,
      Store store,
      Cache cache,
      MinimumVersions minimumVersions,
      PendingRepairs repairs) {
    this.vertx = vertx;
    this.store = store;
    this.cache = cache;
    this.minimumVersions = minimumVersions;
    this.repairs = repairs;
  }

  /**
   * Starts to resolve a commit.
   *
   * @param token of the group's fence; null if it has none and its products are marked uncertain
   */
  void resolve(List<ProductId> productIds, String token, Writer.InFlightCommit commit) {
    LOG.warn(
        "The store did not confirm a commit of {} products. They are read from the store until the"
            + " outcome is known.",
        productIds.size());
    check(productIds, token, commit);
  }

  /** Stops; fences that are left expire. */
  void close() {
    closed = true;
  }

  private void check(List<ProductId> productIds, String token, Writer.InFlightCommit commit) {
    if (closed) {
      return;
    }
    commit
        .hasEnded()
        .otherwise(false)
        .onSuccess(
            ended -> {
              if (ended && token != null) {
                removeFence(productIds, token);
              } else if (ended) {
                productIds.forEach(this::adoptStoredVersion);
              } else {
                checkLater(productIds, token, commit);
              }
            });
  }

  private void checkLater(List<ProductId> productIds, String token, Writer.InFlightCommit commit) {
    if (token != null) {
      cache.fence(productIds, token);
    }
    vertx.setTimer(RENEWAL.toMillis(), tick -> check(productIds, token, commit));
  }

  private void removeFence(List<ProductId> productIds, String token) {
    LOG.info("A commit of {} products that was not confirmed has ended", productIds.size());
    cache.install(productIds.stream().map(Cache.Installation::nothing).toList(), token);
  }

  /** Makes the version in the store the minimum, no matter who wrote it. */
  private void adoptStoredVersion(ProductId productId) {
    store
        .select(productId)
        .onSuccess(
            row -> {
              repairs.await(productId, row.version());
              minimumVersions.resolve(List.of(productId));
            })
        .onFailure(
            unreachable ->
                vertx.timer(RENEWAL.toMillis()).onSuccess(tick -> adoptStoredVersion(productId)));
  }
}
