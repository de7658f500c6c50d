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
 * What follows a commit whose outcome is unknown: its fence is renewed, or this process's doubt
 * kept, until whoever had it at the server is gone, as it may still commit until then. After that
 * the store tells the truth. Belongs to one event loop.
 */
public final class UnknownCommitResolver {

  private static final Logger LOG = LoggerFactory.getLogger(UnknownCommitResolver.class);

  private static final Duration RENEWAL = Cache.FENCE_LIFE.dividedBy(10);

  private final Vertx vertx;
  private final Store store;
  private final Cache cache;
  private final MinimumVersions floors;
  private final RepairWatch repairs;
  private boolean closed;

  public UnknownCommitResolver(
      Vertx vertx, Store store, Cache cache, MinimumVersions floors, RepairWatch repairs) {
    this.vertx = vertx;
    this.store = store;
    this.cache = cache;
    this.floors = floors;
    this.repairs = repairs;
  }

  /**
   * Looks after products that a worker may yet write.
   *
   * @param token of their fence; null where there is none, and they are in doubt here
   */
  void keep(List<ProductId> productIds, String token, Writer.Worker worker) {
    LOG.warn("Whether {} writes were made is not known yet", productIds.size());
    look(productIds, token, worker);
  }

  /** Looks after nothing any more: the fences end by themselves. */
  public void close() {
    closed = true;
  }

  private void look(List<ProductId> productIds, String token, Writer.Worker worker) {
    if (closed) {
      return;
    }
    worker
        .isGone()
        .otherwise(false)
        .onSuccess(
            gone -> {
              if (gone && token != null) {
                takeFenceDown(productIds, token);
              } else if (gone) {
                productIds.forEach(this::know);
              } else {
                lookLater(productIds, token, worker);
              }
            });
  }

  private void lookLater(List<ProductId> productIds, String token, Writer.Worker worker) {
    if (token != null) {
      cache.fence(productIds, token);
    }
    vertx.setTimer(RENEWAL.toMillis(), tick -> look(productIds, token, worker));
  }

  private void takeFenceDown(List<ProductId> productIds, String token) {
    LOG.info("The outcome of {} writes stands", productIds.size());
    cache.install(productIds.stream().map(Cache.Installation::nothing).toList(), token);
  }

  /** The version that stands is the floor, whoever wrote it. */
  private void know(ProductId productId) {
    store
        .select(productId)
        .onSuccess(
            row -> {
              floors.raise(productId, row.version());
              floors.know(List.of(productId));
              repairs.repaired(productId, row.version());
            })
        .onFailure(away -> vertx.timer(RENEWAL.toMillis()).onSuccess(tick -> know(productId)));
  }
}
