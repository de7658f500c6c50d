package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;

/**
 * A connection to Postgres for reading. Immutable.
 *
 * @param select rows of an array of ids
 * @param page rows with media, by id
 * @param pending changes that caches may not know of
 * @param generation the catalogue's generation when the connection was made
 */
record PostgresSession(
    PreparedStatement select, PreparedStatement page, PreparedStatement pending, long generation) {

  /** The bytes of the item array as they went in: the client would parse a json column. */
  private static final String SELECT =
      """
      select product_id, version, convert_to(media::text, 'UTF8')
      from product_media
      where product_id = any($1)""";

  private static final String PAGE =
      """
      select product_id, version, convert_to(media::text, 'UTF8')
      from product_media
      where product_id >= $1 and media is not null
      order by product_id
      limit $2""";

  private static final String PENDING =
      """
      select product_id, max(version)
      from media_outbox
      group by product_id
      limit $1""";

  private static final String GENERATION = "select generation from catalogue";

  static Future<PostgresSession> prepare(SqlConnection connection) {
    Future<PreparedStatement> select = connection.prepare(SELECT);
    Future<PreparedStatement> page = connection.prepare(PAGE);
    Future<PreparedStatement> pending = connection.prepare(PENDING);
    Future<Long> generation =
        connection.query(GENERATION).execute().map(rows -> rows.iterator().next().getLong(0));
    return Future.all(select, page, pending, generation)
        .map(
            done ->
                new PostgresSession(
                    select.result(), page.result(), pending.result(), generation.result()));
  }
}
