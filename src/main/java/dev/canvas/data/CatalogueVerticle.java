package dev.canvas.data;

import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;

/**
 * Reads the whole catalogue from the store itself, page by page: no cache is asked, and no service
 * has to run. It starts only when the store answers. Its methods are thread-safe.
 */
public final class CatalogueVerticle extends VerticleBase {

  /** Nobody waits at a page for one of these. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DataSettings settings;
  private Store store;

  public CatalogueVerticle(DataSettings settings) {
    this.settings = settings.withStoreTimeout(PATIENCE);
  }

  @Override
  public Future<?> start() {
    store = settings.store().store(context, settings);
    return store.connect().onFailure(away -> store.close());
  }

  @Override
  public Future<?> stop() {
    store.close();
    return Future.succeededFuture();
  }

  /**
   * The products that have media, by their numbers; none where there are no more. Fails with a
   * {@link dev.canvas.media.ProblemException}.
   *
   * @param from the lowest number wanted
   * @param limit the most products
   */
  public Future<List<ProductMedia>> page(ProductId from, int limit) {
    Promise<List<Row>> page = Promise.promise();
    context.runOnContext(here -> store.page(from, limit).onComplete(page));
    return page.future().map(rows -> rows.stream().flatMap(row -> row.media().stream()).toList());
  }
}
