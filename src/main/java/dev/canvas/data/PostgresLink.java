package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;

/**
 * A connection to Postgres with its statements prepared. It comes from a pool of its own, of one: a
 * connection's own close waits behind the statements that wait for an answer, a pool's does not.
 */
final class PostgresLink implements Link<PostgresSession> {

  /**
   * SQLSTATEs after which only a new connection helps: 0A000 (a cached plan's result changed),
   * 25006 (demoted to read-only), 26000 (a prepared statement is gone), 57P01 to 57P03 (shut down).
   */
  private static final Set<String> FATAL =
      Set.of("0A000", "25006", "26000", "57P01", "57P02", "57P03");

  private final Pool pool;
  private final Future<PostgresSession> ready;

  PostgresLink(Vertx vertx, String uri, Runnable onEnd) {
    PgConnectOptions server =
        PgConnectOptions.fromUri(uri)
            .setPipeliningLimit(256)
            .addProperty("application_name", "canvas");
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(server)
            .using(vertx)
            .build();
    ready = pool.getConnection().compose(connection -> prepare(connection, onEnd));
  }

  private static Future<PostgresSession> prepare(SqlConnection connection, Runnable onEnd) {
    connection.closeHandler(end -> onEnd.run());
    connection.exceptionHandler(failure -> onEnd.run());
    Future<PreparedStatement> select = connection.prepare(PostgresStore.SELECT);
    Future<PreparedStatement> page = connection.prepare(PostgresStore.PAGE);
    Future<Long> generation =
        connection
            .query(PostgresStore.GENERATION)
            .execute()
            .map(rows -> rows.iterator().next().getLong(0));
    return Future.all(select, page, generation)
        .map(done -> new PostgresSession(select.result(), page.result(), generation.result()));
  }

  @Override
  public Future<PostgresSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public boolean isFatal(Throwable failure) {
    return !(failure instanceof PgException answer) || FATAL.contains(answer.getSqlState());
  }
}
