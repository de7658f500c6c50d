package dev.canvas.data.postgres;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.StoredVersion;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Reads and writes the rows of bulk imports in the Postgres table {@code product_media}, over a
 * connection of its own with a longer deadline than reads and single writes have. Looks for what
 * has been relayed use it too, because neither reads nor single writes queue behind them here.
 */
final class PostgresBulkStore implements BulkStore {

  /** Formatted with the parameters of the ids and of the items. */
  private static final String INSERT =
      """
      insert into product_media (product_id, version, media)
      select product_id, nextval('media_version'), nullif(media, '')::json
      from (select unnest(%s::bigint[]) as product_id, unnest(%s::text[]) as media) as i
      returning product_id, version\
      """;

  /** One row for each id. */
  private static final String VERSIONS =
      """
      select i.product_id, coalesce(p.version, 0), p.media is not null
      from unnest($1::bigint[]) as i (product_id)
      left join product_media p on p.product_id = i.product_id\
      """;

  /**
   * Creates rows. If another writer has created one of them meanwhile the statement fails as a
   * whole, which costs less than a check of each row.
   */
  private static final String CREATE = INSERT.formatted("$1", "$2");

  /** Changes rows as {@link CommitSql#CHANGE} does, and creates others. */
  private static final String UPSERT =
      """
      with changed as (
      %s
      ),
      created as (
      %s
      )
      select product_id, version from changed
      union all
      select product_id, version from created\
      """
          .formatted(CommitSql.CHANGE, INSERT.formatted("$4", "$5"));

  /**
   * The last id of the outbox that has been drawn: that of every committed row is at or below it.
   */
  private static final String LAST_DRAWN =
      "select pg_sequence_last_value(pg_get_serial_sequence('media_outbox', 'id')::regclass)";

  /**
   * Whether every row of the outbox up to $1 has been relayed: the relay deletes them in the order
   * of their ids. One look into the index, however long the outbox is.
   */
  private static final String PASSED =
      "select coalesce((select id from media_outbox order by id limit 1) > $1, true)";

  private record Statements(
      PreparedStatement select,
      PreparedStatement versions,
      PreparedStatement create,
      PreparedStatement upsert,
      PreparedStatement lastDrawn,
      PreparedStatement passed) {

    static Future<Statements> prepare(SqlConnection connection) {
      Future<PreparedStatement> select = connection.prepare(PostgresStore.SELECT);
      Future<PreparedStatement> versions = connection.prepare(VERSIONS);
      Future<PreparedStatement> create = connection.prepare(CREATE);
      Future<PreparedStatement> upsert = connection.prepare(UPSERT);
      Future<PreparedStatement> lastDrawn = connection.prepare(LAST_DRAWN);
      Future<PreparedStatement> passed = connection.prepare(PASSED);
      return Future.all(select, versions, create, upsert, lastDrawn, passed)
          .map(
              prepared ->
                  new Statements(
                      select.result(),
                      versions.result(),
                      create.result(),
                      upsert.result(),
                      lastDrawn.result(),
                      passed.result()));
    }
  }

  private final CommitConnection<Statements> postgres;

  PostgresBulkStore(
      Context context,
      OutageLog outages,
      PostgresSettings settings,
      StoreGuard guard,
      Duration deadline) {
    this.postgres =
        new CommitConnection<>(
            context, outages, "Postgres (bulks)", settings, guard, deadline, Statements::prepare);
  }

  @Override
  public Future<Void> connect() {
    return postgres.connect();
  }

  @Override
  public Future<List<Row>> select(List<ProductId> productIds) {
    Long[] ids = productIds.stream().map(ProductId::value).toArray(Long[]::new);
    return postgres
        .call(statements -> statements.select().query().execute(Tuple.of(ids)))
        .map(found -> PostgresStore.rows(productIds, found))
        .recover(PostgresStore::translated);
  }

  @Override
  public Future<List<StoredVersion>> versions(List<ProductId> productIds) {
    Long[] ids = productIds.stream().map(ProductId::value).toArray(Long[]::new);
    return postgres
        .call(statements -> statements.versions().query().execute(Tuple.of(ids)))
        .map(
            found -> {
              List<StoredVersion> versions = new ArrayList<>(found.size());
              found.forEach(
                  row ->
                      versions.add(
                          new StoredVersion(
                              new ProductId(row.getLong(0)), row.getLong(1), row.getBoolean(2))));
              return versions;
            });
  }

  @Override
  public Future<Writer.CommitResult> commit(List<RowWrite> writes) {
    List<RowWrite> rows = CommitConnection.inLockOrder(writes);
    List<RowWrite> changed = rows.stream().filter(row -> row.expected() > 0).toList();
    List<RowWrite> created = rows.stream().filter(row -> row.expected() == 0).toList();
    if (changed.isEmpty()) {
      return postgres.commit(
          Statements::create,
          Tuple.of(CommitConnection.ids(created), (Object) CommitConnection.items(created)));
    }
    return postgres.commit(
        Statements::upsert,
        Tuple.of(
            CommitConnection.ids(changed),
            CommitConnection.items(changed),
            CommitConnection.expected(changed),
            CommitConnection.ids(created),
            CommitConnection.items(created)));
  }

  /** Marks everything that is committed, as that costs no more than single changes. */
  @Override
  public Future<RelayMark> mark(Collection<CommittedVersion> changes) {
    return postgres
        .call(statements -> statements.lastDrawn().query().execute())
        .map(rows -> rows.iterator().next().getLong(0))
        // Null before the first change of the database.
        .map(last -> last == null ? () -> Future.succeededFuture(true) : () -> isPassed(last));
  }

  private Future<Boolean> isPassed(long outboxId) {
    return postgres
        .call(statements -> statements.passed().query().execute(Tuple.of(outboxId)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  @Override
  public void close() {
    postgres.close();
  }
}
