package dev.canvas.data.postgres;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * The columns {@code generation} and {@code redis} of the Postgres table {@code catalogue}, over
 * the connection of the reader. Each statement changes them only from the state that it expects.
 */
final class PostgresCacheTrust implements CacheTrust {

  private static final String DISTRUST =
      "update catalogue set generation = generation + 1, redis = '' where redis <> ''";

  private static final String SETTLE =
      "update catalogue set redis = null where generation = $1 and redis = ''";

  private static final String TRUST =
      "update catalogue set redis = $2 where generation = $1 and redis is null";

  private final HeldConnection<PostgresStore.Statements> postgres;
  private final StoreGuard guard;

  /**
   * @param guard takes a store over that was restored under the open connection
   */
  PostgresCacheTrust(HeldConnection<PostgresStore.Statements> postgres, StoreGuard guard) {
    this.postgres = postgres;
    this.guard = guard;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  @Override
  public Future<Generation> generation() {
    return postgres
        .call(
            statements ->
                guard.check(
                    statements.connection(), () -> statements.generation().query().execute()))
        .map(row -> new Generation(row.getString(0), row.getLong(1), row.getString(2)));
  }

  /**
   * The generation is another statement: this one may have waited for one that its snapshot lacks.
   */
  @Override
  public Future<Generation> distrust() {
    return postgres
        .call(statements -> statements.connection().query(DISTRUST).execute())
        .compose(done -> generation());
  }

  @Override
  public Future<Boolean> settle(long generation) {
    return update(SETTLE, Tuple.of(generation));
  }

  @Override
  public Future<Boolean> trust(long generation, String redis) {
    return update(TRUST, Tuple.of(generation, redis));
  }

  private Future<Boolean> update(String statement, Tuple parameters) {
    return postgres
        .call(statements -> statements.connection().preparedQuery(statement).execute(parameters))
        .map(updated -> updated.rowCount() == 1);
  }
}
