package dev.canvas.data.postgres;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.postgres.PostgresFailure;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A permanent connection to Postgres that commits rows. It translates the failure of a commit into
 * what {@link Writer#commit} promises: nothing was written, or the outcome is unknown; and it can
 * tell when the backend process that ran a commit has ended. Belongs to one event loop.
 *
 * @param <S> the prepared statements of the one who commits
 */
final class CommitConnection<S> {

  /**
   * Session settings that leave only index lookups to the planner. Rows are then locked in the
   * order of the index, so that two groups never deadlock. A statement that cannot do without a
   * scan then has an estimate so high that Postgres would compile it, which takes some 50 ms.
   */
  private static final String INDEX_LOOKUPS_ONLY =
      "set enable_seqscan = off; set enable_bitmapscan = off; set jit = off";

  /** Terminates a backend if it still exists; returns a row if it did. */
  private static final String TERMINATE =
      """
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where pid = $1 and backend_start::text = $2\
      """;

  private static final String OWN_BACKEND =
      """
      select pid, backend_start::text
      from pg_stat_activity
      where pid = pg_backend_pid()\
      """;

  /**
   * SQLSTATEs of statements that may succeed when retried: 40001 and 40P01 (serialization failure,
   * deadlock), 55P03 (lock not available), 57014 (statement timeout).
   */
  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "55P03", "57014");

  /**
   * SQLSTATEs, or their classes, of a server that may write again once it has what it lacks: 53
   * (disk space, memory, connections), 58 (its files), 42501 (a right of the role).
   */
  private static final List<String> LACKING = List.of("53", "58", "42501");

  /** SQLSTATE that the trigger {@code media_replaced} raises. */
  private static final String BEING_REPLACED = "CV503";

  /** SQLSTATE that the trigger {@code media_not_taken_over} raises. */
  private static final String NOT_TAKEN_OVER = "CV504";

  /** The server process of a connection; its start time tells it apart when its id is reused. */
  private record Backend(int processId, String startedAt) {}

  private record Session<S>(S statements, PreparedStatement terminate, Backend backend) {}

  private final HeldConnection<Session<S>> postgres;

  /**
   * @param outages of Postgres, shared by the connections of the process
   * @param name used in failures
   * @param guard decides which server may be used
   * @param deadline after which the outcome of a commit counts as unknown
   * @param prepare prepares the statements of each new connection
   */
  CommitConnection(
      Context context,
      OutageLog outages,
      String name,
      PostgresSettings settings,
      StoreGuard guard,
      Duration deadline,
      Function<SqlConnection, Future<S>> prepare) {
    // The server gives up first, so that a commit has usually ended when its deadline passes.
    Duration statementTimeout = deadline.multipliedBy(4).dividedBy(5);
    this.postgres =
        PostgresLink.held(
            context,
            outages,
            name,
            settings,
            guard,
            true,
            deadline,
            Map.of(),
            connection -> session(connection, prepare, statementTimeout));
  }

  private static <S> Future<Session<S>> session(
      SqlConnection connection,
      Function<SqlConnection, Future<S>> prepare,
      Duration statementTimeout) {
    Future<S> statements = prepare.apply(connection);
    Future<PreparedStatement> terminate = connection.prepare(TERMINATE);
    Future<Backend> backend =
        connection
            .query(OWN_BACKEND)
            .execute()
            .map(rows -> rows.iterator().next())
            .map(row -> new Backend(row.getInteger(0), row.getString(1)));
    return Future.all(statements, terminate, backend)
        .compose(prepared -> connection.query(INDEX_LOOKUPS_ONLY).execute())
        .compose(
            set ->
                connection
                    .query("set statement_timeout = " + statementTimeout.toMillis())
                    .execute())
        .map(set -> new Session<>(statements.result(), terminate.result(), backend.result()));
  }

  Future<Void> connect() {
    return postgres.connect();
  }

  boolean isUp() {
    return postgres.isUp();
  }

  void close() {
    postgres.close();
  }

  /** Runs a statement that commits no rows. */
  <T> Future<T> call(Function<S, Future<T>> command) {
    return postgres.call(session -> command.apply(session.statements()));
  }

  /**
   * Commits rows.
   *
   * @param statement returns the ids and new versions of the rows that it wrote
   */
  Future<Writer.CommitResult> commit(Function<S, PreparedStatement> statement, Tuple arrays) {
    Session<S> sender = postgres.session();
    return postgres
        .call(session -> statement.apply(session.statements()).query().execute(arrays))
        .map(written -> new Writer.CommitResult(versions(written), Set.of()))
        .onSuccess(committed -> postgres.accepted())
        .recover(failure -> Future.failedFuture(translated(failure, sender)));
  }

  /** The rows in the order in which they are locked. */
  static List<RowWrite> inLockOrder(List<RowWrite> writes) {
    return writes.stream().sorted(Comparator.comparing(row -> row.productId().value())).toList();
  }

  static Long[] ids(List<RowWrite> rows) {
    return rows.stream().map(row -> row.productId().value()).toArray(Long[]::new);
  }

  /** The item arrays; an empty string is a tombstone. */
  static String[] items(List<RowWrite> rows) {
    return rows.stream()
        .map(row -> row.items().map(Object::toString).orElse(""))
        .toArray(String[]::new);
  }

  static Long[] expected(List<RowWrite> rows) {
    return rows.stream().map(RowWrite::expected).toArray(Long[]::new);
  }

  /** The problem of a caller whose write could not be sent. */
  static ProblemException unavailable(Throwable failure) {
    return Problem.UNAVAILABLE.because(
        "The store cannot be written to (%s); retry in a second",
        failure instanceof PgException refusal
            ? PostgresFailure.of(refusal)
            : failure.getMessage());
  }

  private static Map<ProductId, Long> versions(RowSet<Row> written) {
    Map<ProductId, Long> versions = new HashMap<>(written.size() * 2);
    written.forEach(row -> versions.put(new ProductId(row.getLong(0)), row.getLong(1)));
    return versions;
  }

  private RuntimeException translated(Throwable failure, Session<S> sender) {
    if (failure instanceof PgException refusal) {
      if (BEING_REPLACED.equals(refusal.getSqlState())) {
        return Problem.UNAVAILABLE.because(
            "A load is replacing the whole catalogue, and no writes are accepted until it is"
                + " finished; retry then");
      }
      if (isLacking(refusal)) {
        postgres.refused(refusal);
        return unavailable(refusal);
      }
      if (NOT_TAKEN_OVER.equals(refusal.getSqlState())) {
        return unavailable(refusal);
      }
      return new Writer.RefusedException(refusal, TRANSIENT.contains(refusal.getSqlState()));
    }
    boolean sent = !(failure instanceof HeldConnection.UnavailableException away) || away.isSent();
    return sent && sender != null
        ? new Writer.OutcomeUnknownException(failure, () -> hasEnded(sender.backend()))
        : unavailable(failure);
  }

  private Future<Boolean> hasEnded(Backend backend) {
    return postgres
        .call(
            session ->
                session
                    .terminate()
                    .query()
                    .execute(Tuple.of(backend.processId(), backend.startedAt())))
        .map(found -> found.size() == 0);
  }

  private static boolean isLacking(PgException refusal) {
    return LACKING.stream().anyMatch(refusal.getSqlState()::startsWith);
  }

  /** Whether the server refused what it may do soon. */
  static boolean isPassing(PgException refusal) {
    String state = refusal.getSqlState();
    return state != null && (TRANSIENT.contains(state) || isLacking(refusal));
  }
}
