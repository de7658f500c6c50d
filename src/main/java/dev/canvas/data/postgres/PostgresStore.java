package dev.canvas.data.postgres;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Postgres table {@code product_media}. The reads of one event-loop tick are one
 * statement, sent over one permanent connection that pipelines statements.
 */
final class PostgresStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

  private static final int MAX_IDS = 512;
  private static final int MAX_UNRELAYED = 20_000;

  /** Selects the item array as bytes, because the client would parse a column of type json. */
  static final String SELECT =
      """
      select product_id, version, convert_to(media::text, 'UTF8')
      from product_media
      where product_id = any($1)\
      """;

  private static final String PAGE =
      """
      select product_id, version, convert_to(media::text, 'UTF8')
      from product_media
      where product_id >= $1 and media is not null
      order by product_id
      limit $2\
      """;

  /** Reads no more outbox rows than it returns, however many there are. */
  private static final String UNRELAYED =
      """
      select c.product_id, c.version
      from media_outbox o cross join unnest(o.product_ids, o.versions) as c (product_id, version)
      order by o.id
      limit $1\
      """;

  /** The seeder holds this lock exclusively during a switch. Its number is reserved for Canvas. */
  private static final String HOLD = "select pg_try_advisory_lock_shared(4847921124)";

  private static final String RELEASE = "select pg_advisory_unlock_shared(4847921124)";

  /** The prepared statements, and the connection for those that are rare. */
  record Statements(
      SqlConnection connection,
      PreparedStatement select,
      PreparedStatement page,
      PreparedStatement unrelayed,
      PreparedStatement hold,
      PreparedStatement release,
      PreparedStatement generation) {

    static Future<Statements> prepare(SqlConnection connection) {
      Future<PreparedStatement> select = connection.prepare(SELECT);
      Future<PreparedStatement> page = connection.prepare(PAGE);
      Future<PreparedStatement> unrelayed = connection.prepare(UNRELAYED);
      Future<PreparedStatement> hold = connection.prepare(HOLD);
      Future<PreparedStatement> release = connection.prepare(RELEASE);
      Future<PreparedStatement> generation = connection.prepare(StoreGuard.STATE);
      return Future.all(select, page, unrelayed, hold, release, generation)
          .map(
              prepared ->
                  new Statements(
                      connection,
                      select.result(),
                      page.result(),
                      unrelayed.result(),
                      hold.result(),
                      release.result(),
                      generation.result()));
    }
  }

  /** How long a reader waits before it asks a store again that is being taken over. */
  private static final long AGAIN_MS = 20;

  private final Context context;
  private final StoreGuard guard;
  private final HeldConnection<Statements> postgres;
  private final TickBatcher<ProductId, Row> selects;
  private final PostgresCacheTrust trust;

  /**
   * @param guard decides which server may be used
   * @param patient whether the connection waits until the store may be read
   */
  PostgresStore(
      Context context,
      OutageLog outages,
      PostgresSettings settings,
      StoreGuard guard,
      boolean patient,
      Duration deadline) {
    this.context = context;
    this.guard = guard;
    this.postgres =
        PostgresLink.held(
            context,
            outages,
            "Postgres",
            settings,
            guard,
            patient,
            deadline,
            Map.of("statement_timeout", PostgresLink.statementTimeout(deadline)),
            Statements::prepare);
    this.selects = new TickBatcher<>(context, MAX_IDS, this::selectAll, (id, row) -> row.length());
    this.trust = new PostgresCacheTrust(postgres, guard);
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
  public Future<Generation> holdGeneration() {
    return postgres
        .call(statements -> statements.hold().query().execute())
        .compose(
            held ->
                held.iterator().next().getBoolean(0)
                    // Another statement: the snapshot of the one that takes the lock may predate
                    // it.
                    ? trust.generation()
                    : Future.failedFuture(
                        Problem.UNAVAILABLE.because("The catalogue is being switched now")));
  }

  @Override
  public Future<Void> releaseGeneration() {
    return postgres
        .call(statements -> statements.release().query().execute())
        .compose(
            released ->
                released.iterator().next().getBoolean(0)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Problem.UNAVAILABLE.because(
                            "The connection to the store was replaced while the generation was"
                                + " read")));
  }

  @Override
  public void expect(long generation) {
    guard.expect(generation);
  }

  @Override
  public CacheTrust cacheTrust() {
    return trust;
  }

  @Override
  public Future<Row> select(ProductId productId) {
    return selects.load(productId).map(Row::checked);
  }

  @Override
  public Future<Row> selectForChange(ProductId productId) {
    return selects.load(productId);
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    return postgres
        .call(statements -> statements.page().query().execute(Tuple.of(from.value(), limit)))
        .map(
            rows -> {
              List<Row> page = new ArrayList<>(limit);
              rows.forEach(row -> page.add(row(row).checked()));
              return page;
            })
        .recover(PostgresStore::translated);
  }

  @Override
  public Future<List<CommittedVersion>> unrelayed() {
    return postgres
        .call(statements -> statements.unrelayed().query().execute(Tuple.of(MAX_UNRELAYED + 1)))
        .compose(
            rows -> {
              if (rows.size() > MAX_UNRELAYED) {
                return Future.failedFuture(
                    Problem.UNAVAILABLE.because(
                        "More than %d changes wait for the relay to repair the cache",
                        MAX_UNRELAYED));
              }
              Map<ProductId, Long> newest = new HashMap<>();
              rows.forEach(
                  row -> newest.merge(new ProductId(row.getLong(0)), row.getLong(1), Math::max));
              List<CommittedVersion> changes = new ArrayList<>(newest.size());
              newest.forEach((id, version) -> changes.add(new CommittedVersion(id, version)));
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
        .call(statements -> statements.select().query().execute(Tuple.of(ids)))
        .map(found -> rows(productIds, found))
        .recover(
            failure ->
                failure instanceof HeldConnection.UnavailableException && guard.isSettling()
                    ? context.owner().timer(AGAIN_MS).compose(later -> selectAll(productIds))
                    : translated(failure));
  }

  /**
   * The rows of a result in the order of the ids, not checked; one that is missing has version 0.
   */
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
        Optional.ofNullable(items).map(array -> ProductMedia.stored(productId, version, array)));
  }

  /** Turns the failure of a read into the problem that its reader gets. */
  static <T> Future<T> translated(Throwable failure) {
    if (failure instanceof HeldConnection.UnavailableException unavailable) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store does not answer (%s); retry in a second", unavailable.getMessage()));
    }
    if (failure instanceof PgException refusal && CommitConnection.isPassing(refusal)) {
      return Future.failedFuture(
          Problem.UNAVAILABLE.because(
              "The store could not answer in time (%s); retry in a second", refusal.getMessage()));
    }
    LOG.error("Postgres rejected a read", failure);
    return Future.failedFuture(
        Problem.INTERNAL.because("The store rejected the read; see the service's log"));
  }
}
