package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a CouchDB database: a group of rows is one {@code _bulk_docs}, each row compared and set
 * by its revision, each for itself. Connections of its own: reads would wait behind a commit.
 */
final class CouchDbWriter implements Writer {

  private static final Logger LOG = LoggerFactory.getLogger(CouchDbWriter.class);

  /** A group, or its rows singly, item ids, and a look at what is repaired. */
  private static final int CONNECTIONS = 4;

  /** How long a server that answers again may still work on what nobody waits for any more. */
  private static final long SETTLING_NANOS = 2_000_000_000L;

  private final HeldConnection<CouchDbSession> couchDb;

  CouchDbWriter(Context context, CouchDbSettings settings, Duration timeout) {
    this.couchDb = CouchDbLink.held(context, "CouchDB (writing)", settings, timeout, CONNECTIONS);
  }

  @Override
  public Future<Void> connect() {
    return couchDb.connect();
  }

  @Override
  public boolean isUp() {
    return couchDb.isUp();
  }

  @Override
  public Future<CommitResult> commit(List<RowWrite> rows) {
    JsonArray documents = new JsonArray();
    rows.forEach(row -> documents.add(document(row)));
    JsonObject body = new JsonObject().put("docs", documents);
    return couchDb
        .call(
            session ->
                session
                    .client()
                    .post("_bulk_docs", body, JsonArray.class)
                    .map(CouchDbClient.reading(answer -> outcome(session, answer))))
        .recover(failure -> Future.failedFuture(translated(failure)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return couchDb
        .call(session -> CouchDbItemIdBlocks.take(session.client(), (long) blocks * BLOCK))
        .map(first -> LongStream.range(0, blocks).mapToObj(i -> first + i * BLOCK).toList())
        .recover(failure -> Future.failedFuture(unavailable(failure)));
  }

  @Override
  public Future<Long> reserveItemIdsThrough(long itemId) {
    return couchDb
        .call(session -> CouchDbItemIdBlocks.exceed(session.client(), itemId))
        .recover(failure -> Future.failedFuture(unavailable(failure)));
  }

  @Override
  public Future<Set<CommittedVersion>> unrelayed(Collection<CommittedVersion> changes) {
    return couchDb.call(session -> CouchDbFeed.unrelayed(session, changes));
  }

  @Override
  public void close() {
    couchDb.close();
  }

  private static JsonObject document(RowWrite row) {
    JsonObject document =
        new JsonObject().put("_id", CouchDbLayout.documentId(row.productId().value()));
    if (!row.revision().isEmpty()) {
      document.put("_rev", row.revision());
    }
    return row.items().isPresent()
        ? document.put(CouchDbLayout.MEDIA, row.items().get().toString())
        : document.put("_deleted", true);
  }

  private static CommitResult outcome(CouchDbSession session, JsonArray answer) {
    Map<ProductId, Long> versions = new HashMap<>();
    Set<ProductId> refused = new HashSet<>();
    for (Object each : answer) {
      JsonObject row = (JsonObject) each;
      ProductId productId = CouchDbLayout.productId(row.getString("id"));
      String error = row.getString("error");
      if (error == null) {
        versions.put(productId, session.version(row.getString("rev")));
      } else if (!error.equals("conflict")) {
        LOG.error(
            "CouchDB refused the write of product {}: {}, {}",
            productId,
            error,
            row.getString("reason"));
        refused.add(productId);
      }
    }
    return new CommitResult(versions, refused);
  }

  private RuntimeException translated(Throwable failure) {
    Throwable reason =
        failure instanceof HeldConnection.UnavailableException away && away.isSent()
            ? away.getCause()
            : failure;
    if (reason instanceof CouchDbRefusal refusal) {
      return translated(refusal);
    }
    boolean unsent =
        reason instanceof HeldConnection.UnavailableException
            || reason instanceof ConnectionPoolTooBusyException
            || reason instanceof ConnectException
            || reason instanceof UnknownHostException;
    return unsent ? unavailable(failure) : new OutcomeUnknownException(failure, new Straggler());
  }

  private RuntimeException translated(CouchDbRefusal refusal) {
    return switch (refusal.status()) {
      case 401, 403, 404, 429 -> unavailable(refusal);
      // Some of a cluster's servers have it (202), or it broke on the way.
      case 202, 500, 502, 503, 504 -> new OutcomeUnknownException(refusal, new Straggler());
      default -> new RefusedException(refusal, false);
    };
  }

  private static RuntimeException unavailable(Throwable failure) {
    return Problem.UNAVAILABLE.because(
        "The store cannot be written to (%s); ask again in a second", failure.getMessage());
  }

  /**
   * A request that nobody waits for any more. CouchDB does not tell of it: it counts as over when
   * the server has answered another, and some time has passed since.
   */
  private final class Straggler implements InFlightCommit {

    private long answeredNanos;
    private boolean answered;

    @Override
    public Future<Boolean> hasEnded() {
      return couchDb
          .call(session -> session.client().get(CouchDbLayout.CATALOGUE))
          .map(
              server -> {
                if (!answered) {
                  answered = true;
                  answeredNanos = System.nanoTime();
                }
                return System.nanoTime() - answeredNanos >= SETTLING_NANOS;
              });
    }
  }
}
