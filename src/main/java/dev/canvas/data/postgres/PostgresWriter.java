package dev.canvas.data.postgres;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ItemIdRules;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the Postgres table {@code product_media} over a connection of its own, so that reads do
 * not queue behind a commit.
 */
final class PostgresWriter implements Writer {

  private static final String ITEM_ID_BLOCKS =
      "select nextval('media_item_id') from generate_series(1, $1)";

  private static final String LAST_ITEM_ID = "select last_value from media_item_id";

  /**
   * Raises the sequence above an id. Formatted with that id and with the value to restart at, which
   * leaves room for later imported ids so that not each of them raises it again. The first
   * statement locks the sequence, so that no value is drawn between the check and the restart.
   */
  private static final String RAISE_ITEM_ID =
      """
      do $$
      begin
        alter sequence media_item_id no cycle;
        if (select last_value from media_item_id) <= %1$d then
          alter sequence media_item_id restart with %2$d;
        end if;
      end
      $$\
      """;

  /** The prepared statements, and the connection for those that are rare. */
  private record Statements(
      PreparedStatement change,
      PreparedStatement upsert,
      PreparedStatement itemIdBlocks,
      SqlConnection connection) {

    static Future<Statements> prepare(SqlConnection connection, CommitSql sql) {
      Future<PreparedStatement> change = connection.prepare(sql.change());
      Future<PreparedStatement> upsert = connection.prepare(sql.upsert());
      Future<PreparedStatement> itemIdBlocks = connection.prepare(ITEM_ID_BLOCKS);
      return Future.all(change, upsert, itemIdBlocks)
          .map(
              prepared ->
                  new Statements(
                      change.result(), upsert.result(), itemIdBlocks.result(), connection));
    }
  }

  private final CommitConnection<Statements> postgres;

  PostgresWriter(
      Context context,
      OutageLog outages,
      PostgresSettings settings,
      StoreGuard guard,
      Duration deadline,
      CommitSql sql) {
    this.postgres =
        new CommitConnection<>(
            context,
            outages,
            "Postgres (writing)",
            settings,
            guard,
            deadline,
            connection -> Statements.prepare(connection, sql));
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
  public Future<CommitResult> commit(List<RowWrite> writes) {
    List<RowWrite> rows = CommitConnection.inLockOrder(writes);
    boolean allExist = rows.stream().allMatch(row -> row.expected() > 0);
    return postgres.commit(
        allExist ? Statements::change : Statements::upsert,
        Tuple.of(
            CommitConnection.ids(rows),
            CommitConnection.items(rows),
            CommitConnection.expected(rows)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return postgres
        .call(statements -> statements.itemIdBlocks().query().execute(Tuple.of(blocks)))
        .map(rows -> List.copyOf(longs(rows)))
        .recover(failure -> Future.failedFuture(CommitConnection.unavailable(failure)));
  }

  @Override
  public Future<Long> reserveItemIdsThrough(long itemId) {
    return lastItemId()
        .compose(
            last ->
                last > itemId
                    ? Future.succeededFuture(last)
                    : raiseItemId(itemId).compose(raised -> lastItemId()))
        .recover(failure -> Future.failedFuture(CommitConnection.unavailable(failure)));
  }

  private Future<Long> lastItemId() {
    return postgres
        .call(statements -> statements.connection().query(LAST_ITEM_ID).execute())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private Future<?> raiseItemId(long itemId) {
    String statement = RAISE_ITEM_ID.formatted(itemId, ItemIdRules.beyond(itemId));
    return postgres.call(statements -> statements.connection().query(statement).execute());
  }

  @Override
  public void close() {
    postgres.close();
  }

  private static List<Long> longs(RowSet<Row> rows) {
    List<Long> longs = new ArrayList<>(rows.size());
    rows.forEach(row -> longs.add(row.getLong(0)));
    return longs;
  }
}
