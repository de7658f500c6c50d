package dev.canvas.data.postgres;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media in the Postgres table {@code product_media}. The selects of a tick go out as one
 * statement, on one held connection that pipelines them.
 */
public final class PostgresStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
  private static final int MAX_IDS = 512;
  private static final int MAX_PENDING = 20_000;

  private final HeldConnection<PostgresSession> postgres;
  private final TickBatcher<ProductId, Row> selects;

  public PostgresStore(Context context, DataSettings settings) {
    this.postgres =
        new HeldConnection<>(
            context,
            "Postgres",
            settings.storeTimeout(),
            onEnd ->
                new PostgresLink<>(
                    context.owner(),
                    settings.postgresUri(),
                    Map.of(),
                    PostgresSession::prepare,
                    onEnd));
    this.selects = new TickBatcher<>(context, MAX_IDS, this::selectAll);
  }

  @Override
  public Future<Void> connect() {
    return postgres.connect();
  }

  @Override
  public boolean isUp() {
    return postgres.isUp();
  }

  @Override
  public AnswerSource source() {
    return AnswerSource.POSTGRES;
  }

  @Override
  public Future<Generation> holdCatalogue() {
    return postgres
        .call(session -> session.hold().query().execute())
        .compose(
            held ->
                held.iterator().next().getBoolean(0)
                    ? catalogue()
                    : Future.failedFuture(
                        Problem.UNAVAILABLE.because("The catalogue is just being swapped")));
  }

  /** A statement of its own: one that waited for the lock may see what was before it. */
  private Future<Generation> catalogue() {
    return postgres
        .call(session -> session.catalogue().query().execute())
        .map(rows -> rows.iterator().next())
        .map(row -> new Generation(row.getString(0), row.getLong(1)));
  }

  @Override
  public Future<Void> releaseCatalogue() {
    return postgres
        .call(session -> session.release().query().execute())
        .compose(
            released ->
                released.iterator().next().getBoolean(0)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Problem.UNAVAILABLE.because("The store was reached anew meanwhile")));
  }

  @Override
  public Future<Row> select(ProductId productId) {
    return selects.ask(productId);
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    return postgres
        .call(session -> session.page().query().execute(Tuple.of(from.value(), limit)))
        .map(
            rows -> {
              List<Row> page = new ArrayList<>(limit);
              rows.forEach(row -> page.add(row(row)));
              return page;
            })
        .recover(PostgresStore::translated);
  }

  @Override
  public Future<List<PendingChange>> pending() {
    return postgres
        .call(session -> session.pending().query().execute(Tuple.of(MAX_PENDING + 1)))
        .compose(
            rows -> {
              if (rows.size() > MAX_PENDING) {
                return Future.failedFuture(
                    Problem.UNAVAILABLE.because(
                        "More than %d changes wait for the relay to repair the cache",
                        MAX_PENDING));
              }
              Map<ProductId, Long> newest = new HashMap<>();
              rows.forEach(
                  row -> newest.merge(new ProductId(row.getLong(0)), row.getLong(1), Math::max));
              List<PendingChange> changes = new ArrayList<>(newest.size());
              newest.forEach((id, version) -> changes.add(new PendingChange(id, version)));
              return Future.succeededFuture(changes);
            });
  }

  @Override
  public void close() {
    postgres.close();
  }

  private Future<List<Row>> selectAll(List<ProductId> productIds) {
    Long[] ids = productIds.stream().map(ProductId::value).toArray(Long[]::new);
    return postgres
        .call(session -> session.select().query().execute(Tuple.of(ids)))
        .map(found -> rows(productIds, found))
        .recover(PostgresStore::translated);
  }

  /** What a statement has found of products, each at its own place. */
  static List<Row> rows(List<ProductId> productIds, RowSet<io.vertx.sqlclient.Row> found) {
    Map<ProductId, Row> rows = new HashMap<>();
    found.forEach(
        columns -> {
          Row row = row(columns);
          rows.put(row.productId(), row);
        });
    List<Row> all = new ArrayList<>(productIds.size());
    for (ProductId id : productIds) {
      Row row = rows.get(id);
      all.add(row == null ? new Row(id, 0, Optional.empty()) : row);
    }
    return all;
  }

  private static Row row(io.vertx.sqlclient.Row columns) {
    ProductId productId = new ProductId(columns.getLong(0));
    long version = columns.getLong(1);
    Buffer items = columns.getBuffer(2);
    return new Row(
        productId,
        version,
        Optional.ofNullable(items).map(array -> ProductMedia.splice(productId, version, array)));
  }

  /** What a reader is told of a failure. */
  static <T> Future<T> translated(Throwable failure) {
    if (failure instanceof HeldConnection.AwayException away) {
      return Future.failedFuture(unavailable(away));
    }
    LOG.error("Postgres refused a statement", failure);
    return Future.failedFuture(
        Problem.INTERNAL.because("The store refused to read; its reason is in the service's log"));
  }

  private static ProblemException unavailable(HeldConnection.AwayException away) {
    return Problem.UNAVAILABLE.because(
        "The store does not answer (%s); ask again in a second", away.getMessage());
  }
}
