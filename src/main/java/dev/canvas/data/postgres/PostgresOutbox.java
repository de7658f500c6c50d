package dev.canvas.data.postgres;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.OutboxRow;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Postgres table {@code media_outbox}, which a trigger writes in the transaction of the change,
 * those of a statement in one row. The lock goes with the connection.
 */
public final class PostgresOutbox implements Outbox {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /**
   * The server ends the session of a relay that is frozen, and another takes the lock. What is
   * taken out need not be durable at once: it is relayed again, which is harmless.
   */
  private static final Map<String, String> PROPERTIES =
      Map.of("idle_session_timeout", "3000", "synchronous_commit", "off");

  private final HeldConnection<OutboxSession> postgres;
  private boolean locked;

  public PostgresOutbox(Context context, DataSettings settings) {
    this.postgres =
        new HeldConnection<>(
            context,
            "Postgres (outbox)",
            DEADLINE,
            onEnd -> {
              // Another session; the lock went with the last one.
              locked = false;
              return new PostgresLink<>(
                  context.owner(),
                  settings.postgresUri(),
                  PROPERTIES,
                  OutboxSession::prepare,
                  onEnd);
            });
  }

  @Override
  public Future<Void> connect() {
    return postgres.connect();
  }

  @Override
  public Future<Boolean> lock() {
    if (locked && postgres.isUp()) {
      return Future.succeededFuture(true);
    }
    return postgres
        .call(session -> session.lock().query().execute())
        .map(rows -> locked = rows.iterator().next().getBoolean(0));
  }

  @Override
  public Future<Void> unlock() {
    if (!locked) {
      return Future.succeededFuture();
    }
    locked = false;
    return postgres.call(session -> session.unlock().query().execute()).mapEmpty();
  }

  @Override
  public Future<List<OutboxRow>> first(int limit) {
    return postgres
        .call(session -> session.first().query().execute(Tuple.of(limit)))
        .map(
            rows -> {
              List<OutboxRow> first = new ArrayList<>(limit);
              rows.forEach(row -> add(row, first));
              return first;
            });
  }

  /** Adds the changes of a row of the table. */
  private static void add(Row row, List<OutboxRow> changes) {
    Long[] productIds = row.getArrayOfLongs(1);
    Long[] versions = row.getArrayOfLongs(2);
    Boolean[] deleted = row.getArrayOfBooleans(3);
    for (int i = 0; i < versions.length; i++) {
      changes.add(
          new OutboxRow(row.getLong(0), new ProductId(productIds[i]), versions[i], deleted[i]));
    }
  }

  @Override
  public Future<Void> delete(List<OutboxRow> rows) {
    Long[] ids = rows.stream().map(OutboxRow::id).distinct().toArray(Long[]::new);
    return postgres
        .call(session -> session.delete().query().execute(Tuple.of((Object) ids)))
        .mapEmpty();
  }

  @Override
  public Future<Double> lag() {
    return postgres
        .call(session -> session.lag().query().execute())
        .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getDouble(0));
  }

  @Override
  public void close() {
    postgres.close();
  }
}
