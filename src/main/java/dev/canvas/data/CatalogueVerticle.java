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
 * Reads the whole catalogue page by page, directly from the store: no cache is used and no service
 * has to run. It starts only when the store answers. {@link #page} is thread-safe.
 */
public final class CatalogueVerticle extends VerticleBase {

  /** Longer than for readers of single products, because no page view waits for a page here. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  private final DataSettings settings;
  private Store store;

  public CatalogueVerticle(DataSettings settings) {
    this.settings = settings.withReadTimeout(READ_TIMEOUT);
  }

  @Override
  public Future<?> start() {
    store = settings.stores().exportStore(context);
    return store.connect().onFailure(unreachable -> store.close());
  }

  @Override
  public Future<?> stop() {
    store.close();
    return Future.succeededFuture();
  }

  /**
   * Reads products that have media, in the order of their ids; an empty page is the end. Fails with
   * a {@link dev.canvas.media.ProblemException}.
   *
   * @param from the lowest id wanted
   * @param limit the most products
   */
  public Future<List<ProductMedia>> page(ProductId from, int limit) {
    Promise<List<Row>> page = Promise.promise();
    context.runOnContext(here -> store.page(from, limit).onComplete(page));
    return page.future().map(rows -> rows.stream().flatMap(row -> row.media().stream()).toList());
  }
}
