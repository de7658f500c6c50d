package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The changes that are committed and wait for the relay, in the Postgres table {@code
 * media_outbox}. Belongs to one event loop.
 */
final class Outbox {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** The server ends the session of a relay that is frozen, and another takes the lock. */
  private static final Map<String, String> PROPERTIES = Map.of("idle_session_timeout", "3000");

  private final HeldConnection<OutboxSession> postgres;
  private boolean locked;

  Outbox(Context context, DataSettings settings) {
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

  Future<Void> connect() {
    return postgres.connect();
  }

  /** Takes the relay's lock; answers whether it is held. It goes with the connection. */
  Future<Boolean> lock() {
    if (locked && postgres.isUp()) {
      return Future.succeededFuture(true);
    }
    return postgres
        .call(session -> session.lock().query().execute())
        .map(rows -> locked = rows.iterator().next().getBoolean(0));
  }

  /** Lets another relay have the lock. */
  Future<Void> unlock() {
    if (!locked) {
      return Future.succeededFuture();
    }
    locked = false;
    return postgres.call(session -> session.unlock().query().execute()).mapEmpty();
  }

  /** The rows that came first. */
  Future<List<OutboxRow>> first(int limit) {
    return postgres
        .call(session -> session.first().query().execute(Tuple.of(limit)))
        .map(
            rows -> {
              List<OutboxRow> first = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      first.add(
                          new OutboxRow(
                              row.getLong(0),
                              new ProductId(row.getLong(1)),
                              row.getLong(2),
                              row.getBoolean(3))));
              return first;
            });
  }

  /** Takes rows out. */
  Future<Void> delete(List<OutboxRow> rows) {
    Long[] ids = rows.stream().map(OutboxRow::id).toArray(Long[]::new);
    return postgres
        .call(session -> session.delete().query().execute(Tuple.of((Object) ids)))
        .mapEmpty();
  }

  /** How old the row that came first is, in seconds; 0 where there is none. */
  Future<Double> lag() {
    return postgres
        .call(session -> session.lag().query().execute())
        .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getDouble(0));
  }

  void close() {
    postgres.close();
  }
}
