package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Imports in bulk over the connections of a store and its writer, because each of them is a pool.
 * Looks for what has been relayed have a connection of their own. Belongs to one event loop.
 */
final class CouchDbBulkStore extends CouchDbAccess implements BulkStore {

  private final Store store;
  private final Writer writer;

  /**
   * @param deadline of a look
   */
  CouchDbBulkStore(
      Context context,
      OutageLog outages,
      CouchDbSettings settings,
      Duration deadline,
      Store store,
      Writer writer) {
    super(context, outages, "CouchDB (repairs)", settings, deadline, 1);
    this.store = store;
    this.writer = writer;
  }

  @Override
  public Future<List<Row>> select(List<ProductId> productIds) {
    return Future.all(productIds.stream().map(store::select).toList()).map(rows -> rows.list());
  }

  @Override
  public Future<Writer.CommitResult> commit(List<Writer.RowWrite> rows) {
    return writer.commit(rows);
  }

  /**
   * Remembers the changes, because positions in the feed of a database in several shards cannot be
   * compared.
   */
  @Override
  public Future<RelayMark> mark(Collection<CommittedVersion> changes) {
    List<CommittedVersion> marked = List.copyOf(changes);
    return Future.succeededFuture(
        () ->
            call(
                session ->
                    marked.isEmpty()
                        ? CouchDbFeed.isRelayed(session)
                        : CouchDbFeed.unrelayed(session, marked).map(Collection::isEmpty)));
  }
}
