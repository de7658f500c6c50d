package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Commits;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Outbox;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Reads the changes that wait for the relay from CouchDB's feed.
 *
 * <p>The document {@code canvas-relay} records the last relayed change and the active relay, which
 * is the one that wrote it. Another relay takes over if changes wait and the document stays
 * unchanged.
 */
final class CouchDbOutbox extends CouchDbAccess implements Outbox {

  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final int CONNECTIONS = 2;

  /** More than the few documents that are not products, so that a waiting change is found. */
  private static final int PROBE_LIMIT = 16;

  /** How often a standby relay checks the active one. */
  private static final long CHECK_NANOS = 50_000_000L;

  /** How long the active relay may leave changes waiting before a standby takes over. */
  private static final long TAKEOVER_NANOS = 2_000_000_000L;

  private final String self = UUID.randomUUID().toString();

  /** The document as last read or written; null at first, and after another relay wrote it. */
  private JsonObject relay;

  private Object since;
  private Object next;
  private long checkedNanos = System.nanoTime() - CHECK_NANOS;
  private String seenRevision = "";
  private long seenNanos;
  private long waitingNanos;
  private boolean waiting;

  CouchDbOutbox(Context context, OutageLog outages, CouchDbSettings settings) {
    super(context, outages, "CouchDB (changes)", settings, DEADLINE, CONNECTIONS);
  }

  @Override
  public Future<Boolean> lock() {
    if (isMine()) {
      return Future.succeededFuture(true);
    }
    long now = System.nanoTime();
    if (now - checkedNanos < CHECK_NANOS) {
      return Future.succeededFuture(false);
    }
    checkedNanos = now;
    return call(
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
    return isMine() ? call(session -> write(session, "")) : Future.succeededFuture();
  }

  @Override
  public Future<List<Outbox.Message>> first(int limit) {
    return call(
        session ->
            CouchDbFeed.after(session, since, limit)
                .map(
                    feed -> {
                      next = feed.last();
                      if (feed.rows().isEmpty()) {
                        // Skips documents that are not products, such as this relay's own.
                        since = next;
                      }
                      return feed.rows();
                    }));
  }

  @Override
  public Future<Void> delete(List<Outbox.Message> rows, Generation generation) {
    since = next;
    return call(session -> write(session, self));
  }

  /**
   * CouchDB does not record when a change was made: counts from when this process first saw one.
   */
  @Override
  public Future<Double> lag() {
    return call(session ->
            CouchDbFeed.relayed(session)
                .compose(relayed -> CouchDbFeed.after(session, relayed, PROBE_LIMIT)))
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
  public Commits commits() {
    return new CouchDbCommits(this);
  }

  private boolean isMine() {
    return relay != null && relay.getString(CouchDbLayout.HOLDER).equals(self);
  }

  /** Whether no relay is active, or the active one has stalled. */
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
    if (System.nanoTime() - seenNanos < TAKEOVER_NANOS) {
      return Future.succeededFuture(false);
    }
    return CouchDbFeed.after(session, since, PROBE_LIMIT).map(feed -> !feed.rows().isEmpty());
  }

  /** Writes the document; fails if another relay has written it first and so become active. */
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
