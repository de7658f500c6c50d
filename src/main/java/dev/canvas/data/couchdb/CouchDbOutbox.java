package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.Outbox;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The changes of a CouchDB database since the one that was relayed last, which a document of it
 * names: the relay that wrote it works. Another takes its place where changes wait and the document
 * stays as it is.
 */
final class CouchDbOutbox implements Outbox {

  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final int CONNECTIONS = 2;

  /** Beyond the few documents that are no products. */
  private static final int MAX_LOOK = 16;

  /** How often a relay that does not work looks at the one that does. */
  private static final long LOOK_NANOS = 50_000_000L;

  /** How long the one that works may leave changes where they are. */
  private static final long STALL_NANOS = 2_000_000_000L;

  private final HeldConnection<CouchDbSession> couchDb;
  private final String self = UUID.randomUUID().toString();

  /** The document as it was read or written last; null before, and after others wrote it. */
  private JsonObject relay;

  private Object since;
  private Object next;
  private long lookedNanos = System.nanoTime() - LOOK_NANOS;
  private String seenRevision = "";
  private long seenNanos;
  private long waitingNanos;
  private boolean waiting;

  CouchDbOutbox(Context context, CouchDbSettings settings) {
    this.couchDb = CouchDbLink.held(context, "CouchDB (changes)", settings, DEADLINE, CONNECTIONS);
  }

  @Override
  public Future<Void> connect() {
    return couchDb.connect();
  }

  @Override
  public Future<Boolean> lock() {
    if (isMine()) {
      return Future.succeededFuture(true);
    }
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_NANOS) {
      return Future.succeededFuture(false);
    }
    lookedNanos = now;
    return couchDb.call(
        session ->
            session
                .client()
                .get(CouchDbLayout.RELAY)
                .compose(read -> isFree(session, read))
                .compose(
                    free ->
                        free && !isMine()
                            ? write(session, self).map(true)
                            : Future.succeededFuture(free)));
  }

  @Override
  public Future<Void> unlock() {
    return isMine() ? couchDb.call(session -> write(session, "")) : Future.succeededFuture();
  }

  @Override
  public Future<List<Outbox.Message>> first(int limit) {
    return couchDb.call(
        session ->
            CouchDbFeed.after(session, since, limit)
                .map(
                    feed -> {
                      next = feed.last();
                      if (feed.rows().isEmpty()) {
                        // Past what is no product's, such as what was written here.
                        since = next;
                      }
                      return feed.rows();
                    }));
  }

  @Override
  public Future<Void> delete(List<Outbox.Message> rows) {
    since = next;
    return couchDb.call(session -> write(session, self));
  }

  /** CouchDB does not tell when a change was made: as long as this process has known of one. */
  @Override
  public Future<Double> lag() {
    return couchDb
        .call(
            session ->
                CouchDbFeed.relayed(session)
                    .compose(relayed -> CouchDbFeed.after(session, relayed, MAX_LOOK)))
        .map(
            feed -> {
              if (feed.rows().isEmpty()) {
                waiting = false;
                return 0.0;
              }
              if (!waiting) {
                waiting = true;
                waitingNanos = System.nanoTime();
              }
              return (System.nanoTime() - waitingNanos) / 1e9;
            });
  }

  @Override
  public void close() {
    couchDb.close();
  }

  private boolean isMine() {
    return relay != null && relay.getString(CouchDbLayout.HOLDER).equals(self);
  }

  /** Whether nobody works, or whoever should does not. */
  private Future<Boolean> isFree(CouchDbSession session, JsonObject read) {
    relay = read;
    since = read.getValue(CouchDbLayout.SINCE);
    if (isMine() || read.getString(CouchDbLayout.HOLDER).isEmpty()) {
      return Future.succeededFuture(true);
    }
    String revision = read.getString("_rev");
    if (!revision.equals(seenRevision)) {
      seenRevision = revision;
      seenNanos = System.nanoTime();
    }
    if (System.nanoTime() - seenNanos < STALL_NANOS) {
      return Future.succeededFuture(false);
    }
    return CouchDbFeed.after(session, since, MAX_LOOK).map(feed -> !feed.rows().isEmpty());
  }

  /** Fails where another relay was faster; then that one works. */
  private Future<Void> write(CouchDbSession session, String holder) {
    JsonObject written =
        relay.copy().put(CouchDbLayout.HOLDER, holder).put(CouchDbLayout.SINCE, since);
    relay = null;
    return session
        .client()
        .put(CouchDbLayout.RELAY, written)
        .map(
            answer -> {
              relay = written.put("_rev", answer.getString("rev"));
              return null;
            });
  }
}
