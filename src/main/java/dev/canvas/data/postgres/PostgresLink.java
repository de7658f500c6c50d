package dev.canvas.data.postgres;

import dev.canvas.data.connection.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A connection to Postgres with its statements prepared. It comes from a pool of its own, of one: a
 * connection's own close waits behind the statements that wait for an answer, a pool's does not.
 *
 * @param <S> what statements are sent to
 */
final class PostgresLink<S> implements Link<S> {

  /**
   * SQLSTATEs after which only a new connection helps: 0A000 (a cached plan's result changed),
   * 25006 (demoted to read-only), 26000 (a prepared statement is gone), 57P01 to 57P03 (shut down).
   */
  private static final Set<String> FATAL =
      Set.of("0A000", "25006", "26000", "57P01", "57P02", "57P03");

  private final Pool pool;
  private final Future<S> ready;

  /**
   * @param properties settings of the session, by name
   * @param prepare makes of the connection what statements are sent to
   * @param onEnd run when the server ends the connection
   */
  PostgresLink(
      Vertx vertx,
      String uri,
      Map<String, String> properties,
      Function<SqlConnection, Future<S>> prepare,
      Runnable onEnd) {
    PgConnectOptions server =
        PgConnectOptions.fromUri(uri)
            .setPipeliningLimit(256)
            .addProperty("application_name", "canvas");
    properties.forEach(server::addProperty);
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(server)
            .using(vertx)
            .build();
    ready =
        pool.getConnection()
            .compose(
                connection -> {
                  connection.closeHandler(end -> onEnd.run());
                  connection.exceptionHandler(failure -> onEnd.run());
                  return prepare.apply(connection);
                });
  }

  @Override
  public Future<S> ready() {
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
