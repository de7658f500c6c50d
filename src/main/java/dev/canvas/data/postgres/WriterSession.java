package dev.canvas.data.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;

/**
 * A connection to Postgres for writing. Immutable.
 *
 * @param change writes rows that are there, at their expected versions
 * @param commit the same, and rows that are not there yet
 * @param itemIds takes blocks of item ids
 * @param unrepaired finds versions in the outbox
 * @param connection for statements that are rare
 */
public record WriterSession(
    PreparedStatement change,
    PreparedStatement commit,
    PreparedStatement itemIds,
    PreparedStatement unrepaired,
    PreparedStatement end,
    Backend backend,
    SqlConnection connection)
    implements CommitSession {

  /**
   * A row is changed only if it is at the version that it was read at, so of those who would write
   * it at once one does, and its new version is drawn after the one that it follows. Nothing is
   * joined: a plan that was made while the table was empty could go through all of it for each row
   * when it has filled. The ids are looked up in the order of the index, and so rows are locked:
   * two groups never wait for each other. See {@link #LOOK_UP}.
   */
  public static final String CHANGE =
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
  public static final String COMMIT =
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
      """
      select c.version
      from media_outbox o cross join unnest(o.versions) as c (version)
      where c.version = any($1)""";

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
    Future<Backend> backend = Backend.of(connection);
    return Future.all(List.of(change, commit, itemIds, unrepaired, end, backend))
        .compose(done -> connection.query(LOOK_UP).execute())
        .compose(set -> connection.query("set statement_timeout = " + limit.toMillis()).execute())
        .map(
            limited ->
                new WriterSession(
                    change.result(),
                    commit.result(),
                    itemIds.result(),
                    unrepaired.result(),
                    end.result(),
                    backend.result(),
                    connection));
  }
}
