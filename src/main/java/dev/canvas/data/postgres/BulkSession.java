package dev.canvas.data.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;

/**
 * A connection to Postgres for bulks. Immutable.
 *
 * @param select rows of an array of ids
 * @param create creates rows
 * @param commit changes rows at their expected versions, and creates others
 */
record BulkSession(
    PreparedStatement select,
    PreparedStatement create,
    PreparedStatement commit,
    PreparedStatement end,
    Backend backend)
    implements CommitSession {

  /** To be formatted with the places of the ids and of the items. */
  private static final String INSERT =
      """
      insert into product_media (product_id, version, media)
      select product_id, nextval('media_version'), nullif(media, '')::json
      from (select unnest(%s::bigint[]) as product_id, unnest(%s::text[]) as media) as i
      returning product_id, version""";

  /** A new row that another has created meanwhile refuses all: less than asking for each. */
  static final String CREATE = INSERT.formatted("$1", "$2");

  /** The same, and rows that are there are changed as singly, see {@link WriterSession#CHANGE}. */
  static final String COMMIT =
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
          .formatted(WriterSession.CHANGE, INSERT.formatted("$4", "$5"));

  /**
   * @param limit the longest that the server lets a statement run, once all is prepared
   */
  static Future<BulkSession> prepare(SqlConnection connection, Duration limit) {
    Future<PreparedStatement> select = connection.prepare(PostgresSession.SELECT);
    Future<PreparedStatement> create = connection.prepare(CREATE);
    Future<PreparedStatement> commit = connection.prepare(COMMIT);
    Future<PreparedStatement> end = connection.prepare(END);
    Future<Backend> backend = Backend.of(connection);
    return Future.all(select, create, commit, end, backend)
        .compose(done -> connection.query(LOOK_UP).execute())
        .compose(set -> connection.query("set statement_timeout = " + limit.toMillis()).execute())
        .map(
            limited ->
                new BulkSession(
                    select.result(),
                    create.result(),
                    commit.result(),
                    end.result(),
                    backend.result()));
  }
}
