package dev.canvas.data.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;

/**
 * A connection to Postgres for the relay. Immutable.
 *
 * @param lock takes the relay's lock, if nobody has it
 * @param unlock gives it back
 * @param first the rows that came first
 * @param delete takes rows out
 * @param lag how old the oldest row is
 */
record OutboxSession(
    PreparedStatement lock,
    PreparedStatement unlock,
    PreparedStatement first,
    PreparedStatement delete,
    PreparedStatement lag) {

  /** One relay in all that share the database: the lock's number is this product's own. */
  private static final String LOCK = "select pg_try_advisory_lock(4847921121)";

  private static final String UNLOCK = "select pg_advisory_unlock(4847921121)";

  /** Rows with $1 changes, and so many more as the last of them has; a row has one at least. */
  private static final String FIRST =
      """
      select id, product_ids, versions, deleted
      from media_outbox
      where id <= (
        select max(id)
        from (
          select id, sum(changes) over (order by id) - changes as before
          from (
            select id, cardinality(versions) as changes from media_outbox order by id limit $1
          ) as first
        ) as counted
        where before < $1
      )
      order by id""";

  private static final String DELETE = "delete from media_outbox where id = any($1)";

  /** By the index: rows that are gone may outnumber those that are there by far. */
  private static final String LAG =
      """
      select extract(epoch from clock_timestamp() - changed_at)::float8
      from media_outbox
      order by id
      limit 1""";

  static Future<OutboxSession> prepare(SqlConnection connection) {
    Future<PreparedStatement> lock = connection.prepare(LOCK);
    Future<PreparedStatement> unlock = connection.prepare(UNLOCK);
    Future<PreparedStatement> first = connection.prepare(FIRST);
    Future<PreparedStatement> delete = connection.prepare(DELETE);
    Future<PreparedStatement> lag = connection.prepare(LAG);
    return Future.all(lock, unlock, first, delete, lag)
        .map(
            done ->
                new OutboxSession(
                    lock.result(), unlock.result(), first.result(), delete.result(), lag.result()));
  }
}
