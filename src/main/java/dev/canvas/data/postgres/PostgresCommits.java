package dev.canvas.data.postgres;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.Writer;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Sends commits over a held connection to Postgres, and tells what came of each as a {@link Writer}
 * does.
 *
 * @param <S> what the connection has
 */
final class PostgresCommits<S extends CommitSession> {

  /**
   * SQLSTATEs of statements that may go through the next time: 40001 and 40P01 (serialization,
   * deadlock), 55P03 (a lock not had), 57014 (the statement's time was up).
   */
  private static final Set<String> PASSING = Set.of("40001", "40P01", "55P03", "57014");

  /** What the trigger media_replaced raises. */
  private static final String BEING_REPLACED = "CV503";

  private final HeldConnection<S> postgres;

  PostgresCommits(HeldConnection<S> postgres) {
    this.postgres = postgres;
  }

  /**
   * Commits rows.
   *
   * @param statement answers the ids and new versions of what it has written
   */
  Future<Writer.Commit> send(Function<S, PreparedStatement> statement, Tuple arrays) {
    S sender = postgres.session();
    return postgres
        .call(session -> statement.apply(session).query().execute(arrays))
        .map(written -> new Writer.Commit(versions(written), Set.of()))
        .recover(failure -> Future.failedFuture(translated(failure, sender)));
  }

  /** What a caller is told who cannot reach the store. */
  static ProblemException unavailable(Throwable failure) {
    return Problem.UNAVAILABLE.because(
        "The store cannot be written to (%s); ask again in a second", failure.getMessage());
  }

  private static Map<ProductId, Long> versions(RowSet<Row> written) {
    Map<ProductId, Long> versions = new HashMap<>(written.size() * 2);
    written.forEach(row -> versions.put(new ProductId(row.getLong(0)), row.getLong(1)));
    return versions;
  }

  private RuntimeException translated(Throwable failure, S sender) {
    if (failure instanceof PgException refusal) {
      if (BEING_REPLACED.equals(refusal.getSqlState())) {
        return Problem.UNAVAILABLE.because(
            "The whole catalogue is being replaced, and nothing is written meanwhile; ask again when"
                + " the load is over");
      }
      return new Writer.RefusedException(refusal, PASSING.contains(refusal.getSqlState()));
    }
    boolean sent = !(failure instanceof HeldConnection.AwayException away) || away.isSent();
    return sent && sender != null
        ? new Writer.UnknownException(failure, () -> isGone(sender.backend()))
        : unavailable(failure);
  }

  private Future<Boolean> isGone(CommitSession.Backend backend) {
    return postgres
        .call(
            session ->
                session.end().query().execute(Tuple.of(backend.processId(), backend.began())))
        .map(there -> there.size() == 0);
  }
}
