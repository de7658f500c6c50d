package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes media to CouchDB. A group of rows is one {@code _bulk_docs}, in which CouchDB compares and
 * sets the revision of each row on its own.
 */
final class CouchDbWriter extends CouchDbAccess implements Writer {

  private static final Logger LOG = LoggerFactory.getLogger(CouchDbWriter.class);

  /** A group or its single rows, and item ids. */
  private static final int CONNECTIONS = 3;

  /** How long a server that answers again may still be executing an abandoned request. */
  private static final long SETTLING_NANOS = 2_000_000_000L;

  /**
   * @param deadline of every request
   */
  CouchDbWriter(Context context, OutageLog outages, CouchDbSettings settings, Duration deadline) {
    super(context, outages, "CouchDB (writing)", settings, deadline, CONNECTIONS);
  }

  @Override
  public Future<CommitResult> commit(List<RowWrite> rows) {
    JsonArray documents = new JsonArray();
    rows.forEach(row -> documents.add(document(row)));
    return call(session -> session.bulk(documents, answer -> outcome(session, answer)))
        .recover(failure -> Future.failedFuture(translated(failure)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return call(session -> CouchDbItemIdBlocks.take(session.client(), (long) blocks * BLOCK))
        .map(first -> LongStream.range(0, blocks).mapToObj(i -> first + i * BLOCK).toList())
        .recover(failure -> Future.failedFuture(unavailable(failure)));
  }

  @Override
  public Future<Long> reserveItemIdsThrough(long itemId) {
    return call(session -> CouchDbItemIdBlocks.exceed(session.client(), itemId))
        .recover(failure -> Future.failedFuture(unavailable(failure)));
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
            "The store rejected the write of product {}: {}, {}",
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
    if (reason instanceof CouchDbClient.ErrorException error) {
      return translated(error);
    }
    boolean unsent =
        reason instanceof HeldConnection.UnavailableException
            || reason instanceof ConnectionPoolTooBusyException
            || reason instanceof ConnectException
            || reason instanceof UnknownHostException;
    return unsent
        ? unavailable(failure)
        : new OutcomeUnknownException(failure, new AbandonedRequest());
  }

  private RuntimeException translated(CouchDbClient.ErrorException error) {
    return switch (error.status()) {
      case 401, 403, 404, 429 -> unavailable(error);
      // Only some servers of a cluster have it (202), or the request failed midway.
      case 202, 500, 502, 503, 504 -> new OutcomeUnknownException(error, new AbandonedRequest());
      default -> new RefusedException(error, false);
    };
  }

  private static RuntimeException unavailable(Throwable failure) {
    return Problem.UNAVAILABLE.because(
        "The store cannot be written to (%s); try again in a second", failure.getMessage());
  }

  /**
   * A request whose answer never arrived. CouchDB cannot be queried for it, so it is treated as
   * settled two seconds after the server answers another request.
   */
  private final class AbandonedRequest implements InFlightCommit {

    private long answeredNanos;
    private boolean answered;

    @Override
    public Future<Boolean> hasEnded() {
      return call(session -> session.client().get(CouchDbLayout.CATALOGUE))
          .map(
              catalogue -> {
                if (!answered) {
                  answered = true;
                  answeredNanos = System.nanoTime();
                }
                return System.nanoTime() - answeredNanos >= SETTLING_NANOS;
              });
    }
  }
}
