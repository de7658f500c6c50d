package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.HeldConnection.Link;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of an event loop to a CouchDB. They come and go behind this; it is ready when the
 * server has shown the catalogue's document, and of no further use as soon as one request finds no
 * server.
 */
final class CouchDbLink implements Link<CouchDbSession> {

  /**
   * Answers after which it has to be tried until the server is another: who we are, or the
   * database, is not known to it; it, or what stands before it, cannot serve.
   */
  private static final Set<Integer> FATAL = Set.of(401, 403, 404, 429, 502, 503, 504);

  /** How often the server and the database are looked at, whether or not anybody asks. */
  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final CouchDbClient client;
  private final Duration deadline;
  private final Runnable onEnd;
  private final Future<CouchDbSession> ready;
  private long timer = -1;
  private boolean closed;

  private CouchDbLink(
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
                            "the database was made anew since this process began: restart it"))
            .onSuccess(this::watch);
  }

  /**
   * @param name to use in the log
   * @param deadline the longest that a request may take
   * @param connections the most that there are at once
   */
  static HeldConnection<CouchDbSession> held(
      Context context, String name, CouchDbSettings settings, Duration deadline, int connections) {
    Vertx vertx = context.owner();
    AtomicLong firstEpoch = new AtomicLong();
    return new HeldConnection<>(
        context,
        name,
        deadline,
        onEnd ->
            new CouchDbLink(
                vertx,
                new CouchDbClient(vertx, settings, connections),
                deadline,
                firstEpoch,
                onEnd));
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
        .map(CouchDbClient.reading(CouchDbLayout::epoch))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Who is not asked would count as there, and a database that is made anew as the old one. */
  private void watch(CouchDbSession session) {
    if (closed) {
      return;
    }
    timer =
        vertx.setPeriodic(
            LOOK_MS,
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
    return failure instanceof CouchDbRefusal refusal
        ? FATAL.contains(refusal.status())
        : !(failure instanceof ConnectionPoolTooBusyException);
  }
}
