package dev.canvas.data.postgres;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;

/**
 * Creates the connections of an event loop to a Postgres store: one to read, one to write, one for
 * bulk imports, and one for the relay. Thread-safe.
 *
 * @param settings where the database is
 * @param commitSql the statements of single writes
 * @param outages logs the outages of the server
 * @param guard decides which server may be used
 */
public record PostgresStoreFactory(
    PostgresSettings settings,
    Timeouts timeouts,
    CommitSql commitSql,
    OutageLog outages,
    StoreGuard guard)
    implements StoreFactory {

  public PostgresStoreFactory(PostgresSettings settings, Timeouts timeouts) {
    this(settings, timeouts, CommitSql.DEFAULT);
  }

  public PostgresStoreFactory(PostgresSettings settings, Timeouts timeouts, CommitSql commitSql) {
    this(settings, timeouts, commitSql, new OutageLog("Postgres"), new StoreGuard());
  }

  @Override
  public Store store(Context context) {
    return new PostgresStore(context, outages, settings, guard, true, timeouts.read());
  }

  @Override
  public Store relayStore(Context context) {
    return new PostgresStore(context, outages, settings, guard, false, timeouts.read());
  }

  @Override
  public Store exportStore(Context context) {
    return new PostgresStore(context, outages, settings, StoreGuard.off(), false, timeouts.read());
  }

  @Override
  public Writer writer(Context context) {
    return new PostgresWriter(context, outages, settings, guard, timeouts.write(), commitSql);
  }

  @Override
  public BulkStore bulkStore(Context context, Store store, Writer writer) {
    return new PostgresBulkStore(context, outages, settings, guard, timeouts.bulk());
  }

  @Override
  public Outbox outbox(Context context) {
    return new PostgresOutbox(context, outages, settings, guard);
  }
}
