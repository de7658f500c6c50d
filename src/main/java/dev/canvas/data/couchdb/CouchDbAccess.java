package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.loop.LoopTimer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The connections of one event loop to CouchDB for one purpose: reading, writing, or relaying. Each
 * purpose has its own, so that reads do not queue behind commits.
 */
abstract class CouchDbAccess {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How often the server is asked whether it is there and has the same database. */
  private static final long CHECK_MS = 1_000;

  private final HeldConnection<CouchDbSession> couchDb;

  /**
   * @param outages of CouchDB, shared by the connections of the process
   * @param name for failures
   * @param deadline of every request
   * @param connections the most that are open at once
   */
  CouchDbAccess(
      Context context,
      OutageLog outages,
      String name,
      CouchDbSettings settings,
      Duration deadline,
      int connections) {
    Vertx vertx = context.owner();
    AtomicLong firstEpoch = new AtomicLong();
    this.couchDb =
        new HeldConnection<>(
            context,
            outages,
            name,
            deadline,
            onEnd ->
                new CouchDbLink(
                    new CouchDbClient(vertx, settings, connections, CONNECT_TIMEOUT), firstEpoch));
    LoopTimer.every(vertx, CHECK_MS, () -> couchDb.call(CouchDbSession::confirm));
  }

  /** Connects; fails if the server or the database cannot be used now. */
  public final Future<Void> connect() {
    return couchDb.connect();
  }

  /** Whether requests can be sent now. */
  public final boolean isUp() {
    return couchDb.isUp();
  }

  /** Closes the connections. */
  public final void close() {
    couchDb.close();
  }

  /**
   * Sends requests; fails with {@link HeldConnection.UnavailableException} if CouchDB is
   * unreachable.
   */
  final <T> Future<T> call(Function<CouchDbSession, Future<T>> request) {
    return couchDb.call(request);
  }
}
