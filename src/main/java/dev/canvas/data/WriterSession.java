package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;

/**
 * A connection to Postgres for writing. Immutable.
 *
 * @param change writes rows that are there, at their expected versions
 * @param commit the same, and rows that are not there yet
 * @param commitMany the same of many, apart those that are new
 * @param itemIds takes blocks of item ids
 * @param unrepaired finds versions in the outbox
 * @param end ends a backend and tells whether it is still there
 * @param backend of this connection
 * @param connection for statements that are rare
 */
record WriterSession(
    PreparedStatement change,
    PreparedStatement commit,
    PreparedStatement commitMany,
    PreparedStatement itemIds,
    PreparedStatement unrepaired,
    PreparedStatement end,
    Backend backend,
    SqlConnection connection) {

  /**
   * The server's process at the other end of a connection. Immutable.
   *
   * @param began when, as numbers of processes come again
   */
  record Backend(int processId, String began) {}

  /**
   * A row is changed only if it is at the version that it was read at, so of those who would write
   * it at once one does, and its new version is drawn after the one that it follows. Nothing is
   * joined: a plan that was made while the table was empty could go through all of it for each row
   * when it has filled. The ids are looked up in the order of the index, and so rows are locked:
   * two groups never wait for each other. See {@link #LOOK_UP}.
   */
  static final String CHANGE =
      """
      update product_media p
      set version = nextval('media_version'), updated_at = now(),
        media = nullif(($2::text[])[array_position($1::bigint[], p.product_id)], '')::json
      where p.product_id = any($1::bigint[])
        and p.version = ($3::bigint[])[array_position($1::bigint[], p.product_id)]
      returning p.product_id, p.version""";

  /**
   * The same where rows are missing: an insert has its triggers run even where it inserts nothing.
   */
  static final String COMMIT =
      """
      with changed as (
      %s
      ),
      created as (
        insert into product_media (product_id, version, media)
        select product_id, nextval('media_version'), nullif(media, '')::json
        from unnest($1::bigint[], $2::text[], $3::bigint[]) as i (product_id, media, expected)
        where expected = 0
        on conflict do nothing
        returning product_id, version
      )
      select product_id, version from changed
      union all
      select product_id, version from created"""
          .formatted(CHANGE);

  /**
   * For rows by the hundred. A new row that another has created meanwhile refuses all, which costs
   * less than asking for each.
   */
  static final String COMMIT_MANY =
      """
      with changed as (
      %s
      ),
      created as (
        insert into product_media (product_id, version, media)
        select product_id, nextval('media_version'), nullif(media, '')::json
        from unnest($4::bigint[], $5::text[]) as i (product_id, media)
        returning product_id, version
      )
      select product_id, version from changed
      union all
      select product_id, version from created"""
          .formatted(CHANGE);

  /** What is left is to look the rows up by the index, in its order. */
  private static final String LOOK_UP = "set enable_seqscan = off; set enable_bitmapscan = off";

  private static final String ITEM_IDS =
      "select nextval('media_item_id') from generate_series(1, $1)";

  static final String LAST_ITEM_ID = "select last_value from media_item_id";

  /**
   * To be formatted with the id to exceed, and where to go on behind it. The first statement locks
   * the sequence, so that nobody takes a value between the reading and the raising; there is room
   * for the imported ids to come, so that it is not raised for each of them.
   */
  static final String RAISE_ITEM_ID =
      """
      do $$
      begin
        alter sequence media_item_id no cycle;
        if (select last_value from media_item_id) <= %1$d then
          alter sequence media_item_id restart with %2$d;
        end if;
      end
      $$""";

  private static final String UNREPAIRED =
      "select version from media_outbox where version = any($1)";

  private static final String END =
      """
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where pid = $1 and backend_start::text = $2""";

  private static final String BACKEND =
      """
      select pid, backend_start::text
      from pg_stat_activity
      where pid = pg_backend_pid()""";

  /**
   * @param changing the text of the statement that commits where no row is missing
   * @param committing the text of the one that commits whatever rows there are
   * @param limit the longest that the server lets a statement run, once all is prepared
   */
  static Future<WriterSession> prepare(
      SqlConnection connection, String changing, String committing, Duration limit) {
    Future<PreparedStatement> change = connection.prepare(changing);
    Future<PreparedStatement> commit = connection.prepare(committing);
    Future<PreparedStatement> commitMany = connection.prepare(COMMIT_MANY);
    Future<PreparedStatement> itemIds = connection.prepare(ITEM_IDS);
    Future<PreparedStatement> unrepaired = connection.prepare(UNREPAIRED);
    Future<PreparedStatement> end = connection.prepare(END);
    Future<Row> backend = connection.query(BACKEND).execute().map(rows -> rows.iterator().next());
    return Future.all(List.of(change, commit, commitMany, itemIds, unrepaired, end, backend))
        .compose(done -> connection.query(LOOK_UP).execute())
        .compose(set -> connection.query("set statement_timeout = " + limit.toMillis()).execute())
        .map(
            limited ->
                new WriterSession(
                    change.result(),
                    commit.result(),
                    commitMany.result(),
                    itemIds.result(),
                    unrepaired.result(),
                    end.result(),
                    new Backend(backend.result().getInteger(0), backend.result().getString(1)),
                    connection));
  }
}
