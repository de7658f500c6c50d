package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;

/**
 * A connection to Postgres for writing. Immutable.
 *
 * @param change writes rows that are there, at their expected versions
 * @param commit the same, and rows that are not there yet
 * @param itemIds takes blocks of item ids
 * @param unrepaired finds versions in the outbox
 * @param end ends a backend and tells whether it is still there
 * @param backend of this connection
 */
record WriterSession(
    PreparedStatement change,
    PreparedStatement commit,
    PreparedStatement itemIds,
    PreparedStatement unrepaired,
    PreparedStatement end,
    Backend backend) {

  /**
   * The server's process at the other end of a connection. Immutable.
   *
   * @param began when, as numbers of processes come again
   */
  record Backend(int processId, String began) {}

  /**
   * A row is changed only if it is at the version that it was read at, so of those who would write
   * it at once one does, and its new version is drawn after the one that it follows. Rows are
   * locked in the order of the arrays, which all writers sort by id, so that two groups never wait
   * for each other: see {@link #JOIN}.
   */
  static final String CHANGE =
      """
      update product_media p
      set version = nextval('media_version'), media = nullif(i.media, '')::json, updated_at = now()
      from unnest($1::bigint[], $2::text[], $3::bigint[]) as i (product_id, media, expected)
      where p.product_id = i.product_id and p.version = i.expected
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

  /** What is left is to go through the arrays and to look each row up. */
  private static final String JOIN =
      "set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off";

  private static final String ITEM_IDS =
      "select nextval('media_item_id') from generate_series(1, $1)";

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
    Future<PreparedStatement> itemIds = connection.prepare(ITEM_IDS);
    Future<PreparedStatement> unrepaired = connection.prepare(UNREPAIRED);
    Future<PreparedStatement> end = connection.prepare(END);
    Future<Row> backend = connection.query(BACKEND).execute().map(rows -> rows.iterator().next());
    return Future.all(change, commit, itemIds, unrepaired, end, backend)
        .compose(done -> connection.query(JOIN).execute())
        .compose(set -> connection.query("set statement_timeout = " + limit.toMillis()).execute())
        .map(
            limited ->
                new WriterSession(
                    change.result(),
                    commit.result(),
                    itemIds.result(),
                    unrepaired.result(),
                    end.result(),
                    new Backend(backend.result().getInteger(0), backend.result().getString(1))));
  }
}
