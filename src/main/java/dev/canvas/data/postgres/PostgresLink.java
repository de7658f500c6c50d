package dev.canvas.data.postgres;

import dev.canvas.data.connection.Heartbeat;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.Link;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.postgres.PostgresFailure;
import dev.canvas.postgres.PostgresSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.PgNotice;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to Postgres with its statements prepared.
 *
 * @param <S> the prepared statements
 */
final class PostgresLink<S> implements Link<S> {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresLink.class);

  /**
   * SQLSTATEs after which only a new connection helps: 0A000 (a cached plan's result changed),
   * 25006 (demoted to read-only), 26000 (a prepared statement is gone), 57P01 to 57P03 (shut down).
   */
  private static final Set<String> FATAL =
      Set.of("0A000", "25006", "26000", "57P01", "57P02", "57P03");

  /** SQLSTATE crash_shutdown: the server ends all connections, as one of its processes crashed. */
  private static final String CRASHED = "57P02";

  private static final String PING = "select 1";

  /** How often a connection looks whether it was overtaken by a newer generation of the store. */
  private static final long CHECK_MS = 100;

  private final PostgresAttempt attempt;
  private final Future<S> ready;
  private String end = Link.super.end();

  private PostgresLink(
      PostgresAttempt attempt, Function<SqlConnection, Future<S>> prepare, Runnable onEnd) {
    this.attempt = attempt;
    ready =
        attempt
            .connect()
            .compose(
                connection -> {
                  connection.closeHandler(closed -> onEnd.run());
                  connection.exceptionHandler(failure -> onEnd.run());
                  PgConnection.cast(connection).noticeHandler(this::note);
                  return prepare.apply(connection);
                });
  }

  /**
   * A permanent connection to Postgres.
   *
   * @param outages of Postgres, shared by the connections of the process
   * @param name used in failures
   * @param guard decides which server may be used
   * @param patient whether the connection waits until the store may be read and written
   * @param deadline the longest that a statement may take
   * @param parameters of the Postgres session, by name
   * @param prepare prepares the statements of each new connection
   */
  static <S> HeldConnection<S> held(
      Context context,
      OutageLog outages,
      String name,
      PostgresSettings settings,
      StoreGuard guard,
      boolean patient,
      Duration deadline,
      Map<String, String> parameters,
      Function<SqlConnection, Future<S>> prepare) {
    AtomicReference<SqlConnection> current = new AtomicReference<>();
    AtomicInteger host = new AtomicInteger();
    AtomicLong generation = new AtomicLong();
    HeldConnection<S> held =
        new HeldConnection<>(
            context,
            outages,
            name,
            deadline,
            onEnd ->
                new PostgresLink<>(
                    new PostgresAttempt(
                        context.owner(),
                        settings,
                        host,
                        connection ->
                            guard
                                .admit(context.owner(), connection, patient)
                                .onSuccess(generation::set)),
                    connection -> {
                      current.set(connection);
                      return prepared(connection, parameters, prepare);
                    },
                    onEnd));
    Heartbeat.start(context, held, session -> current.get().query(PING).execute());
    context
        .owner()
        .setPeriodic(
            CHECK_MS,
            tick -> {
              if (held.isUp() && generation.get() < guard.generation()) {
                held.call(session -> guard.recheck(current.get(), patient))
                    .onSuccess(generation::set);
              }
            });
    return held;
  }

  /** Sets the parameters by statements, because PgBouncer refuses those of the start. */
  private static <S> Future<S> prepared(
      SqlConnection connection,
      Map<String, String> parameters,
      Function<SqlConnection, Future<S>> prepare) {
    Future<S> statements = prepare.apply(connection);
    String set =
        parameters.entrySet().stream()
            .map(parameter -> "set %s = '%s'".formatted(parameter.getKey(), parameter.getValue()))
            .collect(Collectors.joining("; "));
    return set.isEmpty()
        ? statements
        : statements.compose(ready -> connection.query(set).execute().map(done -> ready));
  }

  /**
   * How long a statement may run on the server: longer than its caller waits, so that it ends there
   * too although the connection is gone.
   */
  static String statementTimeout(Duration deadline) {
    return Long.toString(Math.max(2_500, deadline.toMillis() * 5));
  }

  private void note(PgNotice notice) {
    if (CRASHED.equals(notice.getCode())) {
      end =
          PostgresFailure.of(
                  new PgException(
                      notice.getMessage(), notice.getSeverity(), notice.getCode(), null))
              .toString();
    } else {
      LOG.debug("Postgres: {} {}", notice.getCode(), notice.getMessage());
    }
  }

  @Override
  public String end() {
    return end;
  }

  @Override
  public Future<S> ready() {
    return ready;
  }

  @Override
  public void close() {
    attempt.close();
  }

  @Override
  public boolean isFatal(Throwable failure) {
    return !(failure instanceof PgException answer) || FATAL.contains(answer.getSqlState());
  }

  @Override
  public String explain(Throwable failure) {
    if (failure instanceof ClosedConnectionException) {
      return end;
    }
    return failure instanceof PgException || failure instanceof IOException
        ? PostgresFailure.of(failure).toString()
        : Link.super.explain(failure);
  }
}
