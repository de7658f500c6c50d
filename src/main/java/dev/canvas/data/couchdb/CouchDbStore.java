package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
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

/** The media in a CouchDB database. The reads of a tick go out as one request. */
final class CouchDbStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(CouchDbStore.class);
  private static final int MAX_IDS = 256;
  private static final int MAX_PENDING = 20_000;

  /** Requests under way at once: those of further ticks wait. */
  private static final int CONNECTIONS = 4;

  private final HeldConnection<CouchDbSession> couchDb;
  private final TickBatcher<ProductId, Future<Row>> selects;
  private Generation held;

  CouchDbStore(Context context, CouchDbSettings settings, Duration timeout) {
    this.couchDb = CouchDbLink.held(context, "CouchDB", settings, timeout, CONNECTIONS);
    this.selects = new TickBatcher<>(context, MAX_IDS, this::selectAll);
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
  public AnswerSource source() {
    return AnswerSource.COUCHDB;
  }

  /** There is no lock for it here: whether it was held is found out at the end. */
  @Override
  public Future<Generation> holdGeneration() {
    return catalogue().onSuccess(read -> held = read);
  }

  @Override
  public Future<Void> releaseGeneration() {
    Generation before = held;
    return catalogue()
        .compose(
            now ->
                now.equals(before)
                    ? Future.succeededFuture()
                    : Future.failedFuture("a load has ended meanwhile"));
  }

  private Future<Generation> catalogue() {
    return couchDb.call(
        session ->
            session
                .client()
                .get(CouchDbLayout.CATALOGUE)
                .map(CouchDbClient.reading(CouchDbStore::catalogue)));
  }

  private static Generation catalogue(JsonObject document) {
    return new Generation(CouchDbLayout.store(document), CouchDbLayout.generation(document));
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
    return couchDb
        .call(
            session ->
                session
                    .client()
                    .get(query)
                    .map(CouchDbClient.reading(answer -> CouchDbRows.ofPage(session, answer)))
                    .compose(rows -> Future.all(rows).map(all -> all.<Row>list())))
        .recover(CouchDbStore::translated);
  }

  @Override
  public Future<List<CommittedVersion>> unrelayed() {
    return couchDb
        .call(session -> CouchDbFeed.unsettled(session).compose(since -> pending(session, since)))
        .recover(CouchDbStore::translated);
  }

  @Override
  public void close() {
    couchDb.close();
  }

  private static Future<List<CommittedVersion>> pending(CouchDbSession session, Object since) {
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
    return couchDb
        .call(
            session ->
                session
                    .client()
                    .post("_all_docs?include_docs=true", body, JsonObject.class)
                    .map(
                        CouchDbClient.reading(
                            answer -> CouchDbRows.of(session, productIds, answer))))
        .recover(CouchDbStore::translated);
  }

  private static <T> Future<T> translated(Throwable failure) {
    if (failure instanceof HeldConnection.UnavailableException
        || failure instanceof ConnectionPoolTooBusyException) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store does not answer (%s); ask again in a second", failure.getMessage()));
    }
    LOG.error("CouchDB refused a read", failure);
    return Future.failedFuture(CouchDbRows.refused());
  }
}
