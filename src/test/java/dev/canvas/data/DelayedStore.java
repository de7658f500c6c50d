package dev.canvas.data;

import dev.canvas.data.store.Generation;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/** A store that is slow now and then, and whose answers may be held. */
record DelayedStore(Store store, DelayLine line, Gate answers) implements Store {

  @Override
  public Future<Void> connect() {
    return store.connect();
  }

  @Override
  public boolean isUp() {
    return store.isUp();
  }

  @Override
  public AnswerSource source() {
    return store.source();
  }

  @Override
  public Future<Generation> holdCatalogue() {
    return store.holdCatalogue();
  }

  @Override
  public Future<Void> releaseCatalogue() {
    return store.releaseCatalogue();
  }

  @Override
  public Future<Row> select(ProductId productId) {
    return line.call(() -> store.select(productId))
        .compose(row -> answers.pass(() -> Future.succeededFuture(row)));
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    return line.call(() -> store.page(from, limit));
  }

  @Override
  public Future<List<PendingChange>> pending() {
    return store.pending();
  }

  @Override
  public void close() {
    store.close();
  }
}
