package dev.canvas.data.postgres;

import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;

/**
 * Reads and writes the rows of bulk imports in the Postgres table {@code product_media}, over a
 * connection of its own with a longer deadline than reads and single writes have.
 */
final class PostgresBulkStore implements BulkStore {

  /** Formatted with the parameters of the ids and of the items. */
  private static final String INSERT =
      """
      insert into product_media (product_id, version, media)
      select product_id, nextval('media_version'), nullif(media, '')::json
      from (select unnest(%s::bigint[]) as product_id, unnest(%s::text[]) as media) as i
      returning product_id, version""";

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
      select product_id, version from created"""
          .formatted(CommitSql.CHANGE, INSERT.formatted("$4", "$5"));

  private record Statements(
      PreparedStatement select, PreparedStatement create, PreparedStatement upsert) {

    static Future<Statements> prepare(SqlConnection connection) {
      Future<PreparedStatement> select = connection.prepare(PostgresStore.SELECT);
      Future<PreparedStatement> create = connection.prepare(CREATE);
      Future<PreparedStatement> upsert = connection.prepare(UPSERT);
      return Future.all(select, create, upsert)
          .map(prepared -> new Statements(select.result(), create.result(), upsert.result()));
    }
  }

  private final CommitConnection<Statements> postgres;

  PostgresBulkStore(Context context, String uri, Duration deadline) {
    this.postgres =
        new CommitConnection<>(context, "Postgres (bulks)", uri, deadline, Statements::prepare);
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

  @Override
  public void close() {
    postgres.close();
  }
}
