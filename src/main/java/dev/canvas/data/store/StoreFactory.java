package dev.canvas.data.store;

import dev.canvas.data.connection.OutageLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Creates the connections of an event loop to a kind of store. Each kind of store implements it, as
 * the contract of its package. Thread-safe.
 */
public interface StoreFactory {

  /**
   * The deadlines of a store. Immutable.
   *
   * @param read after which a read fails and the connection is replaced
   * @param write after which the outcome of a commit counts as unknown
   * @param bulk how long a bulk import waits for a store that stalls or is unreachable
   */
  record Timeouts(Duration read, Duration write, Duration bulk) {

    /** The same with another deadline for reads. */
    public Timeouts withRead(Duration other) {
      return new Timeouts(other, write, bulk);
    }
  }

  /** What one event loop reads and writes with. Belongs to that event loop. */
  record Connections(Store store, Writer writer, BulkStore bulkStore) {

    /** Connects; fails if the store cannot be reached now. */
    public Future<Void> connect() {
      return Future.all(store.connect(), writer.connect(), bulkStore.connect()).mapEmpty();
    }

    /** Closes the connections. */
    public void close() {
      bulkStore.close();
      writer.close();
      store.close();
    }
  }

  /** Logs the outages of the server of the store. */
  OutageLog outages();

  /** Creates what the event loop reads from. */
  Store store(Context context);

  /**
   * Creates what the relay reads from. It can be used while the store is being taken over, when
   * others wait.
   */
  default Store relayStore(Context context) {
    return store(context);
  }

  /**
   * Creates what an export reads from. It may be a copy that nobody writes to, such as a standby.
   */
  default Store exportStore(Context context) {
    return store(context);
  }

  /** Creates what the event loop commits with. */
  Writer writer(Context context);

  /**
   * Creates what the event loop's bulk imports read from and commit with.
   *
   * @param store of the same event loop, whose connection may be shared
   * @param writer of the same event loop, whose connection may be shared
   */
  BulkStore bulkStore(Context context, Store store, Writer writer);

  /** Creates what the relay reads committed changes from. */
  Outbox outbox(Context context);

  /** Creates all connections of a data verticle's event loop. */
  default Connections connections(Context context) {
    Store store = store(context);
    Writer writer = writer(context);
    return new Connections(store, writer, bulkStore(context, store, writer));
  }
}
