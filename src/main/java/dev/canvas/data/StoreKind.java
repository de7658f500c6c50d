package dev.canvas.data;

import dev.canvas.data.couchdb.CouchDbOutbox;
import dev.canvas.data.couchdb.CouchDbStore;
import dev.canvas.data.couchdb.CouchDbWriter;
import dev.canvas.data.couchdb.SharedBulkStore;
import dev.canvas.data.postgres.PostgresBulkStore;
import dev.canvas.data.postgres.PostgresOutbox;
import dev.canvas.data.postgres.PostgresStore;
import dev.canvas.data.postgres.PostgresWriter;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import io.vertx.core.Context;

/** The stores that there are, and what each is made of: the one place that chooses. */
public enum StoreKind {
  /** A Postgres database. */
  POSTGRES {
    @Override
    Store store(Context context, DataSettings settings) {
      return new PostgresStore(context, settings);
    }

    @Override
    Writer writer(Context context, DataSettings settings) {
      return new PostgresWriter(context, settings);
    }

    @Override
    BulkStore bulkStore(Context context, DataSettings settings, Store store, Writer writer) {
      return new PostgresBulkStore(context, settings);
    }

    @Override
    Outbox outbox(Context context, DataSettings settings) {
      return new PostgresOutbox(context, settings);
    }
  },
  /** A CouchDB database. */
  COUCHDB {
    @Override
    Store store(Context context, DataSettings settings) {
      return new CouchDbStore(context, settings);
    }

    @Override
    Writer writer(Context context, DataSettings settings) {
      return new CouchDbWriter(context, settings);
    }

    @Override
    BulkStore bulkStore(Context context, DataSettings settings, Store store, Writer writer) {
      return new SharedBulkStore(store, writer);
    }

    @Override
    Outbox outbox(Context context, DataSettings settings) {
      return new CouchDbOutbox(context, settings);
    }
  };

  /** Where an event loop reads. */
  abstract Store store(Context context, DataSettings settings);

  /** Where an event loop writes. */
  abstract Writer writer(Context context, DataSettings settings);

  /** Where it writes bulks, with others' connections or without. */
  abstract BulkStore bulkStore(Context context, DataSettings settings, Store store, Writer writer);

  /** Where the relay finds what was written. */
  abstract Outbox outbox(Context context, DataSettings settings);
}
