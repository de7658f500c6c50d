package dev.canvas.data.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;

/**
 * A connection to Postgres for reading. Immutable.
 *
 * @param select rows of an array of ids
 * @param page rows with media, by id
 * @param pending changes that caches may not know of
 * @param hold has a swap of the catalogue wait; answers whether none is under way
 * @param release lets it go on
 * @param catalogue which one it is
 */
record PostgresSession(
    PreparedStatement select,
    PreparedStatement page,
    PreparedStatement pending,
    PreparedStatement hold,
    PreparedStatement release,
    PreparedStatement catalogue) {

  /** The bytes of the item array as they went in: the client would parse a json column. */
  static final String SELECT =
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

  /** Looks at no more rows than it answers, however many there are. */
  private static final String PENDING =
      """
      select c.product_id, c.version
      from media_outbox o cross join unnest(o.product_ids, o.versions) as c (product_id, version)
      order by o.id
      limit $1""";

  /** The seeder holds it alone while it swaps; the number is this product's own. */
  private static final String HOLD = "select pg_try_advisory_lock_shared(4847921124)";

  private static final String RELEASE = "select pg_advisory_unlock_shared(4847921124)";

  private static final String CATALOGUE = "select store::text, generation from catalogue";

  static Future<PostgresSession> prepare(SqlConnection connection) {
    Future<PreparedStatement> select = connection.prepare(SELECT);
    Future<PreparedStatement> page = connection.prepare(PAGE);
    Future<PreparedStatement> pending = connection.prepare(PENDING);
    Future<PreparedStatement> hold = connection.prepare(HOLD);
    Future<PreparedStatement> release = connection.prepare(RELEASE);
    Future<PreparedStatement> catalogue = connection.prepare(CATALOGUE);
    return Future.all(select, page, pending, hold, release, catalogue)
        .map(
            done ->
                new PostgresSession(
                    select.result(),
                    page.result(),
                    pending.result(),
                    hold.result(),
                    release.result(),
                    catalogue.result()));
  }
}
