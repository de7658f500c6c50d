package dev.canvas.data;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
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

  private final CouchDbClient client;
  private final Future<CouchDbSession> ready;

  private CouchDbLink(
      Vertx vertx, CouchDbSettings settings, int connections, AtomicLong firstEpoch) {
    client = new CouchDbClient(vertx, settings, connections);
    ready =
        client
            .get(CouchDbSession.CATALOGUE)
            .map(CouchDbClient.<JsonObject, Long>reading(CouchDbLink::epoch))
            .compose(
                epoch ->
                    firstEpoch.compareAndSet(0, epoch) || firstEpoch.get() == epoch
                        ? Future.succeededFuture(new CouchDbSession(client, epoch))
                        : Future.failedFuture(
                            "the database was made anew since this process began: restart it"));
  }

  /**
   * @param name to use in the log
   * @param deadline the longest that a request may take
   * @param connections the most that there are at once
   */
  static HeldConnection<CouchDbSession> held(
      Context context, String name, CouchDbSettings settings, Duration deadline, int connections) {
    AtomicLong firstEpoch = new AtomicLong();
    return new HeldConnection<>(
        context,
        name,
        deadline,
        onEnd -> new CouchDbLink(context.owner(), settings, connections, firstEpoch));
  }

  private static long epoch(JsonObject catalogue) {
    return catalogue.getLong(CouchDbSession.EPOCH);
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
  public boolean isFatal(Throwable failure) {
    return failure instanceof CouchDbRefusal refusal
        ? FATAL.contains(refusal.status())
        : !(failure instanceof ConnectionPoolTooBusyException);
  }
}
