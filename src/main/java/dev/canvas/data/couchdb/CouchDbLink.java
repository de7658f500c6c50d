package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbFailure;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.Link;
import io.vertx.core.Future;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.io.IOException;
import java.util.Set;
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

  private final CouchDbClient client;
  private final Future<CouchDbSession> ready;

  /**
   * @param firstEpoch the epoch that the first link of this process found; 0 before that
   */
  CouchDbLink(CouchDbClient client, AtomicLong firstEpoch) {
    this.client = client;
    this.ready =
        client
            .get(CouchDbLayout.CATALOGUE)
            .map(CouchDbSession.checked(CouchDbLayout::epoch))
            .compose(
                epoch ->
                    firstEpoch.compareAndSet(0, epoch) || firstEpoch.get() == epoch
                        ? Future.succeededFuture(new CouchDbSession(client, epoch))
                        : Future.failedFuture(
                            "the database was deleted and created again: restart this process"));
  }

  @Override
  public Future<CouchDbSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String explain(Throwable failure) {
    return failure instanceof CouchDbClient.ErrorException || failure instanceof IOException
        ? CouchDbFailure.of(failure).toString()
        : Link.super.explain(failure);
  }

  @Override
  public boolean isFatal(Throwable failure) {
    return failure instanceof CouchDbClient.ErrorException error
        ? FATAL_STATUSES.contains(error.status())
        : !(failure instanceof ConnectionPoolTooBusyException);
  }
}
