package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.UnkeptTrust;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads media from CouchDB. All reads of one tick of the event loop share one request. */
final class CouchDbStore extends CouchDbAccess implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(CouchDbStore.class);
  private static final int MAX_BATCH = 256;
  private static final int MAX_PENDING = 20_000;

  /** Limits the requests under way at once; those of later ticks queue. */
  private static final int CONNECTIONS = 4;

  private final TickBatcher<ProductId, Future<Row>> selects;
  private Generation held;

  /**
   * @param deadline of every request
   */
  CouchDbStore(Context context, OutageLog outages, CouchDbSettings settings, Duration deadline) {
    super(context, outages, "CouchDB", settings, deadline, CONNECTIONS);
    this.selects =
        new TickBatcher<>(
            context,
            MAX_BATCH,
            this::selectAll,
            (id, row) -> row.succeeded() ? row.result().length() : 0);
  }

  @Override
  public AnswerSource source() {
    return AnswerSource.COUCHDB;
  }

  /** Takes no lock, as CouchDB has none: {@link #releaseGeneration} detects a change afterwards. */
  @Override
  public Future<Generation> holdGeneration() {
    return generation().onSuccess(read -> held = read);
  }

  @Override
  public Future<Void> releaseGeneration() {
    Generation before = held;
    return generation()
        .compose(
            now ->
                now.equals(before)
                    ? Future.succeededFuture()
                    : Future.failedFuture("a load has finished meanwhile"));
  }

  private Future<Generation> generation() {
    return call(
        session ->
            session.get(
                CouchDbLayout.CATALOGUE,
                catalogue ->
                    new Generation(
                        CouchDbLayout.store(catalogue), CouchDbLayout.generation(catalogue))));
  }

  @Override
  public CacheTrust cacheTrust() {
    return new UnkeptTrust(this::generation);
  }

  @Override
  public Future<Row> select(ProductId productId) {
    return selects.load(productId).compose(Function.identity());
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    String query =
        "_all_docs?include_docs=true&startkey=%%22%s%%22&endkey=%%22%s%%22&limit=%d"
            .formatted(
                CouchDbLayout.documentId(from.value()),
                CouchDbLayout.documentId(ProductId.MAX),
                limit);
    return call(session ->
            session
                .get(query, answer -> CouchDbRows.ofPage(session, answer))
                .compose(rows -> Future.all(rows).map(all -> all.<Row>list())))
        .recover(CouchDbStore::translated);
  }

  @Override
  public Future<List<CommittedVersion>> unrelayed() {
    return call(session ->
            CouchDbFeed.unsettled(session).compose(since -> unrelayed(session, since)))
        .recover(CouchDbStore::translated);
  }

  private static Future<List<CommittedVersion>> unrelayed(CouchDbSession session, Object since) {
    return CouchDbFeed.after(session, since, MAX_PENDING + 1)
        .compose(
            changes ->
                changes.rows().size() > MAX_PENDING
                    ? Future.failedFuture(
                        Problem.UNAVAILABLE.because(
                            "More than %d changes wait for the relay to repair the cache",
                            MAX_PENDING))
                    : Future.succeededFuture(
                        changes.rows().stream()
                            .map(row -> new CommittedVersion(row.productId(), row.version()))
                            .toList()));
  }

  private Future<List<Future<Row>>> selectAll(List<ProductId> productIds) {
    JsonArray keys = new JsonArray();
    productIds.forEach(productId -> keys.add(CouchDbLayout.documentId(productId.value())));
    JsonObject body = new JsonObject().put("keys", keys);
    return call(session ->
            session.post(
                "_all_docs?include_docs=true",
                body,
                answer -> CouchDbRows.of(session, productIds, answer)))
        .recover(CouchDbStore::translated);
  }

  private static <T> Future<T> translated(Throwable failure) {
    if (failure instanceof HeldConnection.UnavailableException
        || failure instanceof ConnectionPoolTooBusyException) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store does not answer (%s); try again in a second", failure.getMessage()));
    }
    LOG.error("CouchDB rejected a read", failure);
    return Future.failedFuture(CouchDbRows.readRefused());
  }
}
