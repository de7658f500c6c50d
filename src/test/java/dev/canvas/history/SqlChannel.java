package dev.canvas.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;

/**
 * Calls the database directly, past the service: writes through the view of the first service,
 * reads the table. Thread-safe.
 */
final class SqlChannel implements Channel {

  private static final int CONNECTIONS = 4;
  private static final long TIMEOUT_MS = 8_000;

  private static final String READ =
      "select version, media -> 0 ->> 'url' from product_media where product_id = $1";

  private static final String UPDATE = "update shoe_images set img1 = $2 where shoe_id = $1";
  private static final String INSERT = "insert into shoe_images (shoe_id, img1) values ($1, $2)";
  private static final String DELETE = "delete from shoe_images where shoe_id = $1";

  private final Pool pool;

  /**
   * @param uri of the database of the nodes
   */
  SqlChannel(Vertx vertx, String uri) {
    pool =
        PgBuilder.pool()
            .connectingTo(PgConnectOptions.fromUri(uri))
            .with(new PoolOptions().setMaxSize(CONNECTIONS))
            .using(vertx)
            .build();
  }

  @Override
  public int node() {
    return Operation.DATABASE;
  }

  @Override
  public Future<Answer> read(long product) {
    return pool.withConnection(connection -> row(connection, product))
        .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .map(SqlChannel::found)
        .otherwise(failure -> Answer.failed("SQL select"));
  }

  @Override
  public Future<Answer> write(long product, long value) {
    Tuple row = Tuple.of(product, Values.url(value));
    return answer(
        "SQL upsert",
        pool.withTransaction(
            connection ->
                run(connection, UPDATE, row)
                    .compose(
                        updated ->
                            updated.rowCount() > 0
                                ? Future.succeededFuture(updated)
                                : run(connection, INSERT, row))
                    .compose(written -> version(connection, product))));
  }

  @Override
  public Future<Answer> delete(long product) {
    return answer(
        "SQL delete",
        pool.withTransaction(
            connection ->
                run(connection, DELETE, Tuple.of(product))
                    .compose(
                        deleted ->
                            deleted.rowCount() > 0
                                ? version(connection, product)
                                : Future.succeededFuture(Operation.NO_VERSION))));
  }

  /** A transaction that the server answered with an error has been rolled back. */
  private static Future<Answer> answer(String note, Future<Long> version) {
    return version
        .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .map(
            written ->
                written == Operation.NO_VERSION
                    ? Answer.failed(note + " of nothing")
                    : Answer.done(written, note))
        .otherwise(
            failure ->
                isRefusal(failure) ? Answer.failed(note + " refused") : Answer.unknown(note));
  }

  /** Class 23 is a violated constraint. Other errors, such as a shutdown, may follow the commit. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ConnectException
        || (failure instanceof PgException refusal && refusal.getSqlState().startsWith("23"));
  }

  private static Future<Long> version(SqlConnection connection, long product) {
    return row(connection, product).map(rows -> rows.iterator().next().getLong(0));
  }

  private static Future<RowSet<Row>> row(SqlConnection connection, long product) {
    return run(connection, READ, Tuple.of(product));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters);
  }

  private static Answer found(RowSet<Row> rows) {
    Row row = rows.size() == 0 ? null : rows.iterator().next();
    return row == null || row.getString(1) == null
        ? Answer.absent("SQL select")
        : Answer.found(Values.ofUrl(row.getString(1)), row.getLong(0), "SQL select");
  }
}
