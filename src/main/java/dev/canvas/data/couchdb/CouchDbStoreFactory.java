package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;

/**
 * Creates the connections of an event loop to a CouchDB store. Bulk imports share those of reads
 * and single writes, because each of them is a pool. Immutable.
 *
 * @param database at a CouchDB server
 */
public record CouchDbStoreFactory(CouchDbSettings database, Timeouts timeouts)
    implements StoreFactory {

  @Override
  public Store store(Context context) {
    return new CouchDbStore(context, database, timeouts.read());
  }

  @Override
  public Writer writer(Context context) {
    return new CouchDbWriter(context, database, timeouts.write());
  }

  @Override
  public BulkStore bulkStore(Context context, Store store, Writer writer) {
    return new SharedBulkStore(store, writer);
  }

  @Override
  public Outbox outbox(Context context) {
    return new CouchDbOutbox(context, database);
  }

  /** Imports in bulk over the connections of a store and its writer. */
  private record SharedBulkStore(Store store, Writer writer) implements BulkStore {

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public Future<List<Row>> select(List<ProductId> productIds) {
      return Future.all(productIds.stream().map(store::select).toList()).map(rows -> rows.list());
    }

    @Override
    public Future<Writer.CommitResult> commit(List<Writer.RowWrite> rows) {
      return writer.commit(rows);
    }

    @Override
    public void close() {
      // It has no connections of its own.
    }
  }
}
