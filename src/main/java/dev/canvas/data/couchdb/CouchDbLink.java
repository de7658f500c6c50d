package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.HeldConnection.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches over the connections of an event loop to CouchDB, which the client opens and closes as it
 * needs them. The link is ready once the server has returned the catalogue's document. It is lost
 * as soon as one request finds no usable server.
 */
final class CouchDbLink implements Link<CouchDbSession> {

  /**
   * Statuses that make the link fatal: the server does not know the user or the database, or a
   * proxy cannot reach the server.
   */
  private static final Set<Integer> FATAL_STATUSES = Set.of(401, 403, 404, 429, 502, 503, 504);

  /** How often the link checks the server and the epoch, even if there are no requests. */
  private static final long CHECK_MS = 1_000;

  private final Vertx vertx;
  private final CouchDbClient client;
  private final Duration deadline;
  private final Runnable onEnd;
  private final Future<CouchDbSession> ready;
  private long timer = -1;
  private boolean closed;

  /**
   * @param firstEpoch the epoch that the first link of this process found; 0 before that
   * @param onEnd runs when the link is lost between two requests
   */
  CouchDbLink(
      Vertx vertx, CouchDbClient client, Duration deadline, AtomicLong firstEpoch, Runnable onEnd) {
    this.vertx = vertx;
    this.client = client;
    this.deadline = deadline;
    this.onEnd = onEnd;
    this.ready =
        epoch()
            .compose(
                epoch ->
                    firstEpoch.compareAndSet(0, epoch) || firstEpoch.get() == epoch
                        ? Future.succeededFuture(new CouchDbSession(client, epoch))
                        : Future.failedFuture(
                            "the database was deleted and created again: restart this process"))
            .onSuccess(this::watch);
  }

  @Override
  public Future<CouchDbSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    closed = true;
    vertx.cancelTimer(timer);
    client.close();
  }

  private Future<Long> epoch() {
    return client
        .get(CouchDbLayout.CATALOGUE)
        .map(CouchDbSession.checked(CouchDbLayout::epoch))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Detects a server that stops answering and a database that is created again, without requests.
   */
  private void watch(CouchDbSession session) {
    if (closed) {
      return;
    }
    timer =
        vertx.setPeriodic(
            CHECK_MS,
            tick ->
                epoch()
                    .onComplete(
                        epoch -> {
                          if (epoch != session.epoch()) {
                            onEnd.run();
                          }
                        },
                        failure -> {
                          if (isFatal(failure)) {
                            onEnd.run();
                          }
                        }));
  }

  @Override
  public boolean isFatal(Throwable failure) {
    return failure instanceof CouchDbClient.ErrorException error
        ? FATAL_STATUSES.contains(error.status())
        : !(failure instanceof ConnectionPoolTooBusyException);
  }
}
