package dev.canvas.data.postgres;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Commits;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Postgres table {@code media_outbox}. A trigger writes it in the transaction of the change,
 * one row for all changes of a statement. The relay lock is a session-level advisory lock, so it
 * ends with the connection.
 */
final class PostgresOutbox implements Outbox {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /**
   * The server ends the session of a frozen relay after three seconds, and another relay takes the
   * lock. Deletes need not be durable at once: a message that reappears is relayed again, which is
   * harmless.
   */
  private static final Map<String, String> SESSION_PARAMETERS =
      Map.of(
          "idle_session_timeout",
          "3000",
          "synchronous_commit",
          "off",
          "statement_timeout",
          PostgresLink.statementTimeout(DEADLINE));

  /** One relay per database. The lock's number is reserved for Canvas. */
  private static final String LOCK = "select pg_try_advisory_lock(4847921121)";

  private static final String UNLOCK = "select pg_advisory_unlock(4847921121)";

  /** Rows with $1 changes, plus the other changes of the last row; a row has at least one. */
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
      order by id\
      """;

  /** Deletes only while $3 is the Redis of generation $2. */
  private static final String DELETE =
      """
      delete from media_outbox
      where id = any($1)
        and exists (
          select from catalogue where generation = $2 and redis is not distinct from $3
        )\
      """;

  /** Uses the index, because dead rows may far outnumber the live ones. */
  private static final String LAG =
      """
      select extract(epoch from clock_timestamp() - changed_at)::float8
      from media_outbox
      order by id
      limit 1\
      """;

  private record Statements(
      SqlConnection connection,
      PreparedStatement lock,
      PreparedStatement unlock,
      PreparedStatement first,
      PreparedStatement delete,
      PreparedStatement lag) {

    static Future<Statements> prepare(SqlConnection connection) {
      Future<PreparedStatement> lock = connection.prepare(LOCK);
      Future<PreparedStatement> unlock = connection.prepare(UNLOCK);
      Future<PreparedStatement> first = connection.prepare(FIRST);
      Future<PreparedStatement> delete = connection.prepare(DELETE);
      Future<PreparedStatement> lag = connection.prepare(LAG);
      return Future.all(lock, unlock, first, delete, lag)
          .map(
              prepared ->
                  new Statements(
                      connection,
                      lock.result(),
                      unlock.result(),
                      first.result(),
                      delete.result(),
                      lag.result()));
    }
  }

  private final HeldConnection<Statements> postgres;
  private boolean locked;

  PostgresOutbox(Context context, OutageLog outages, PostgresSettings settings, StoreGuard guard) {
    this.postgres =
        PostgresLink.held(
            context,
            outages,
            "Postgres (outbox)",
            settings,
            guard,
            false,
            DEADLINE,
            SESSION_PARAMETERS,
            connection -> {
              // The lock ended with the previous session.
              locked = false;
              return Statements.prepare(connection);
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
        .call(statements -> statements.lock().query().execute())
        .map(rows -> locked = rows.iterator().next().getBoolean(0));
  }

  @Override
  public Future<Void> unlock() {
    if (!locked) {
      return Future.succeededFuture();
    }
    locked = false;
    return postgres.call(statements -> statements.unlock().query().execute()).mapEmpty();
  }

  @Override
  public Future<List<Message>> first(int limit) {
    return postgres
        .call(statements -> statements.first().query().execute(Tuple.of(limit)))
        .map(
            rows -> {
              List<Message> messages = new ArrayList<>(limit);
              rows.forEach(row -> addMessages(row, messages));
              return messages;
            });
  }

  private static void addMessages(Row row, List<Message> messages) {
    Long[] productIds = row.getArrayOfLongs(1);
    Long[] versions = row.getArrayOfLongs(2);
    Boolean[] deleted = row.getArrayOfBooleans(3);
    for (int i = 0; i < versions.length; i++) {
      messages.add(
          new Message(row.getLong(0), new ProductId(productIds[i]), versions[i], deleted[i]));
    }
  }

  @Override
  public Future<Void> delete(List<Message> messages, Generation generation) {
    Long[] ids = messages.stream().map(Message::id).distinct().toArray(Long[]::new);
    return postgres
        .call(
            statements ->
                statements
                    .delete()
                    .query()
                    .execute(Tuple.of(ids, generation.number(), generation.redis())))
        .mapEmpty();
  }

  @Override
  public Future<Double> lag() {
    return postgres
        .call(statements -> statements.lag().query().execute())
        .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getDouble(0));
  }

  @Override
  public Commits commits() {
    return new PostgresCommits(
        command -> postgres.call(statements -> command.apply(statements.connection())));
  }

  @Override
  public void close() {
    postgres.close();
  }
}
