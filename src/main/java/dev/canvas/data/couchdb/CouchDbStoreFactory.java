package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import io.vertx.core.Context;

/**
 * Creates the connections of an event loop to a CouchDB store. Bulk imports share those of reads
 * and single writes, because each of them is a pool. Thread-safe.
 *
 * @param database at a CouchDB server
 * @param outages logs the outages of the server
 */
public record CouchDbStoreFactory(CouchDbSettings database, Timeouts timeouts, OutageLog outages)
    implements StoreFactory {

  public CouchDbStoreFactory(CouchDbSettings database, Timeouts timeouts) {
    this(database, timeouts, new OutageLog("CouchDB"));
  }

  @Override
  public Store store(Context context) {
    return new CouchDbStore(context, outages, database, timeouts.read());
  }

  @Override
  public Writer writer(Context context) {
    return new CouchDbWriter(context, outages, database, timeouts.write());
  }

  @Override
  public BulkStore bulkStore(Context context, Store store, Writer writer) {
    return new CouchDbBulkStore(context, outages, database, timeouts.write(), store, writer);
  }

  @Override
  public Outbox outbox(Context context) {
    return new CouchDbOutbox(context, outages, database);
  }
}
