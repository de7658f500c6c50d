package dev.canvas.data.postgres;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import io.vertx.core.Context;

/**
 * Creates the connections of an event loop to a Postgres store: one to read, one to write, one for
 * bulk imports, and one for the relay. Thread-safe.
 *
 * @param uri {@code postgresql://user:password@host:port/database}
 * @param commitSql the statements of single writes
 * @param outages logs the outages of the server
 */
public record PostgresStoreFactory(
    String uri, Timeouts timeouts, CommitSql commitSql, OutageLog outages) implements StoreFactory {

  public PostgresStoreFactory(String uri, Timeouts timeouts) {
    this(uri, timeouts, CommitSql.DEFAULT);
  }

  public PostgresStoreFactory(String uri, Timeouts timeouts, CommitSql commitSql) {
    this(uri, timeouts, commitSql, new OutageLog("Postgres"));
  }

  @Override
  public Store store(Context context) {
    return new PostgresStore(context, outages, uri, timeouts.read());
  }

  @Override
  public Writer writer(Context context) {
    return new PostgresWriter(context, outages, uri, timeouts.write(), commitSql);
  }

  @Override
  public BulkStore bulkStore(Context context, Store store, Writer writer) {
    return new PostgresBulkStore(context, outages, uri, timeouts.bulk());
  }

  @Override
  public Outbox outbox(Context context) {
    return new PostgresOutbox(context, outages, uri);
  }
}
