package dev.canvas.data.couchdb;

import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/** Bulks by the connections of all others, for a store whose connections are many. */
record SharedBulkStore(Store store, Writer writer) implements BulkStore {

  @Override
  public Future<Void> connect() {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Row>> select(List<ProductId> productIds) {
    return Future.all(productIds.stream().map(store::select).toList()).map(rows -> rows.list());
  }

  @Override
  public Future<Writer.CommitResult> commit(List<RowWrite> rows) {
    return writer.commit(rows);
  }

  @Override
  public void close() {
    // Nothing is its own.
  }
}
