package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The session whose locks say what a seeder does; they go with it, so that nothing is left of a
 * seeder that died. Each is an advisory lock, whose number is this product's own. Blocking; belongs
 * to one thread, but for {@link #reachVersion}.
 */
public final class SeedLock implements AutoCloseable {

  /** One seeder in all that share the database. */
  private static final long SEEDER = 4_847_921_122L;

  /** No writer while all is replaced; the trigger {@code media_replaced} has the number too. */
  private static final long WRITERS = 4_847_921_123L;

  /** No swap while somebody learns the generation; the data verticles have the number too. */
  private static final long SWAP = 4_847_921_124L;

  private static final String HOLDER =
      """
      select a.application_name || ', since ' || a.backend_start::timestamp(0)
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.classid::bigint = ? >> 32 and l.objid::bigint = ? & 4294967295
        and l.database = (select oid from pg_database where datname = current_database())
        and l.granted""";

  private final Connection connection;

  SeedLock(DataSource database) throws SQLException {
    connection = database.getConnection();
    try {
      Sql.execute(connection, "set application_name = '" + seeder() + "'");
      Sql.execute(connection, "set idle_session_timeout = 0");
      Sql.execute(connection, "set statement_timeout = 0");
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
  }

  Connection connection() {
    return connection;
  }

  /** Makes this the one seeder, or fails with the name of the one that there is. */
  void becomeTheSeeder() throws SQLException {
    if (Sql.number(connection, "select pg_try_advisory_lock(?)::int", SEEDER) == 0) {
      String other = Sql.text(connection, HOLDER, SEEDER, SEEDER);
      throw Problem.SEEDER_BUSY.because(
          "Another seeder loads this store: %s. Wait for it, or end it",
          other == null ? "it has just ended; try again" : other);
    }
  }

  /** Whether a seeder loads now. */
  static boolean isSomebodySeeding(Connection connection) throws SQLException {
    return Sql.text(connection, HOLDER, SEEDER, SEEDER) != null;
  }

  /** Waits for the writers that write now, and has all others refused. */
  void refuseWriters() throws SQLException {
    lock(WRITERS);
  }

  /** Waits for those who just learn the generation; the others wait until it is another. */
  void beginSwap() throws SQLException {
    lock(SWAP);
  }

  void endSwap() throws SQLException {
    Sql.execute(connection, "select pg_advisory_unlock(?)", SWAP);
  }

  /**
   * Takes the next version for itself; those after it are the caller's while writers are refused.
   */
  long firstVersion() throws SQLException {
    return Sql.number(connection, "select nextval('media_version')");
  }

  /** Notes that versions up to this one are taken. May be called by any thread. */
  synchronized void reachVersion(long version) throws SQLException {
    Sql.execute(
        connection,
        "select setval('media_version', greatest(last_value, ?)) from media_version",
        version);
  }

  /** The server notices the end of a connection a moment later, and the next load may be faster. */
  @Override
  public void close() throws SQLException {
    try {
      Sql.execute(connection, "select pg_advisory_unlock_all()");
    } catch (SQLException gone) {
      // And the locks with it.
    } finally {
      connection.close();
    }
  }

  private void lock(long number) throws SQLException {
    Sql.execute(connection, "set lock_timeout = '30s'");
    Sql.execute(connection, "select pg_advisory_lock(?)", number);
    Sql.execute(connection, "set lock_timeout = 0");
  }

  /** What this process calls itself, where it loads. */
  public static String seeder() {
    String host = System.getenv().getOrDefault("HOSTNAME", "this host").replaceAll("[^\\w.-]", "");
    return "canvas seed (process %d%s)"
        .formatted(ProcessHandle.current().pid(), host.isEmpty() ? "" : " on " + host);
  }
}
