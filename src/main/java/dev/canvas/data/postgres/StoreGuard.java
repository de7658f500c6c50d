package dev.canvas.data.postgres;

import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the connections of a process away from a Postgres that is not the store, or not yet:
 *
 * <ul>
 *   <li>A standby is never used.
 *   <li>A database that was restored, or a standby that was promoted, is taken over first: versions
 *       go on above all that were there before, under a new generation ({@code take_over_store} in
 *       {@code V8__upgrade_is_no_restore.sql}). It is read and written only when no node can serve
 *       from a cache what was there before.
 *   <li>A primary whose generation is older than one that this process, or its Redis, has seen was
 *       replaced by another, and is never used.
 * </ul>
 *
 * <p>Thread-safe. See {@code docs/adr/0031-lineage-of-the-store.md}.
 */
final class StoreGuard {

  /** The record of the store, and what the server says of itself. */
  static final String STATE =
      """
      select store::text, generation, redis, settling, store_is_known(), pg_is_in_recovery(), lineage
      from catalogue\
      """;

  /** This server may not be used. Has no stack trace. */
  static final class NotTheStoreException extends RuntimeException {
    NotTheStoreException(String message) {
      super(message, null, false, false);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(StoreGuard.class);
  private static final String TAKE_OVER = "select take_over_store($1)";

  /** Ends the questions below when they meet a lock: the server would keep the session. */
  private static final String BEGIN = "set statement_timeout = 2500";

  /** Questions until the answer counts: one may be overtaken by a change of the generation. */
  private static final int MAX_QUESTIONS = 3;

  private static final long POLL_MS = 20;

  /** How long a store may take to settle before its readers are told that it is away. */
  private static final Duration SETTLING = CacheTrust.EXPIRED.multipliedBy(4);

  /** How long after that all connections are back. */
  private static final Duration RETURN = Duration.ofMillis(500);

  private final boolean on;
  private final AtomicReference<Generation> latest = new AtomicReference<>();
  private volatile boolean settling;
  private volatile long settlesAtNanos = System.nanoTime();
  private volatile boolean warned;

  StoreGuard() {
    this(true);
  }

  private StoreGuard(boolean on) {
    this.on = on;
  }

  /** A guard that admits every server, for what neither writes nor caches. */
  static StoreGuard off() {
    return new StoreGuard(false);
  }

  /** The highest generation that was seen; 0 if there was none. */
  long generation() {
    Generation seen = latest.get();
    return seen == null ? 0 : seen.number();
  }

  /** Learns from elsewhere that the store has had this generation. */
  void expect(long generation) {
    latest.updateAndGet(
        seen ->
            seen == null || seen.number() >= generation
                ? seen
                : new Generation(seen.store(), generation, null));
  }

  /** Whether the store is being taken over, so that a reader should wait for it. */
  boolean isSettling() {
    return settlesAtNanos - System.nanoTime() > 0;
  }

  /**
   * Admits a new connection, and takes the store over before that if it has to be.
   *
   * @param patient whether to wait until the store may be read and written; the relay, which makes
   *     that possible, must not wait
   * @return the generation of the store
   */
  Future<Long> admit(Vertx vertx, SqlConnection connection, boolean patient) {
    return connection
        .query(BEGIN)
        .execute()
        .compose(set -> on ? settled(vertx, connection, patient) : Future.succeededFuture(0L));
  }

  private Future<Long> settled(Vertx vertx, SqlConnection connection, boolean patient) {
    return check(connection)
        .compose(
            row ->
                patient && row.getBoolean(3)
                    ? vertx.timer(POLL_MS).compose(later -> settled(vertx, connection, true))
                    : Future.succeededFuture(row.getLong(1)));
  }

  /**
   * Fails if a connection leads to a server that may not be used any more, or not yet.
   *
   * @param patient whether it would have to wait if it was a new one
   */
  Future<Long> recheck(SqlConnection connection, boolean patient) {
    return check(connection)
        .compose(
            row ->
                patient && row.getBoolean(3)
                    ? refusal("it is being taken over")
                    : Future.succeededFuture(row.getLong(1)));
  }

  private Future<Row> check(SqlConnection connection) {
    return check(connection, () -> connection.query(STATE).execute());
  }

  /**
   * Takes the store over if it has to be; fails if a connection leads to a server that may not be
   * used.
   *
   * @param state asks for {@link #STATE}
   */
  Future<Row> check(SqlConnection connection, Supplier<Future<RowSet<Row>>> state) {
    return check(connection, state, 1);
  }

  private Future<Row> check(
      SqlConnection connection, Supplier<Future<RowSet<Row>>> state, int questions) {
    return state
        .get()
        .map(rows -> rows.iterator().next())
        .compose(
            row -> {
              if (row.getBoolean(5)) {
                return refusal("it is a standby");
              }
              boolean known = row.getBoolean(4);
              if (known && learn(row)) {
                return Future.succeededFuture(row);
              }
              if (questions < MAX_QUESTIONS) {
                Future<?> before = known ? Future.succeededFuture() : takeOver(connection);
                return before.compose(done -> check(connection, state, questions + 1));
              }
              return refusal(
                  known
                      ? "its generation is older than one that was seen: a primary that was"
                          + " replaced?"
                      : "it could not be taken over");
            });
  }

  private static <T> Future<T> refusal(String reason) {
    return Future.failedFuture(new NotTheStoreException(reason));
  }

  /** Whether the store is at least as new as what was seen before. */
  private boolean learn(Row row) {
    Generation now = new Generation(row.getString(0), row.getLong(1), row.getString(2));
    Generation seen =
        latest.accumulateAndGet(
            now, (before, given) -> before != null && isNewer(before, given) ? before : given);
    if (isNewer(seen, now)) {
      return false;
    }
    if (row.getBoolean(3)) {
      settlesAtNanos = System.nanoTime() + SETTLING.toNanos();
      settling = true;
    } else if (settling) {
      settlesAtNanos = System.nanoTime() + RETURN.toNanos();
      settling = false;
    }
    if (!warned && row.getString(6).contains("?")) {
      warned = true;
      LOG.info("Postgres does not tell all of its lineage ({})", row.getString(6));
    }
    return true;
  }

  private static boolean isNewer(Generation one, Generation other) {
    return one.store().equals(other.store()) && one.number() > other.number();
  }

  private Future<?> takeOver(SqlConnection connection) {
    long clock = Math.max(generation(), System.currentTimeMillis() * 1_000);
    return connection
        .preparedQuery(TAKE_OVER)
        .execute(Tuple.of(clock))
        .onSuccess(
            rows -> {
              if (rows.iterator().next().getBoolean(0)) {
                LOG.warn(
                    "The database was restored or promoted: its versions go on from the clock, and"
                        + " all caches start anew");
              }
            });
  }
}
