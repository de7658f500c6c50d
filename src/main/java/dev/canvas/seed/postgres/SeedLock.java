package dev.canvas.seed.postgres;

import dev.canvas.seed.target.TargetStore;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Holds the advisory locks of a load in one database session. They end with the session, so a
 * loader that dies leaves no lock behind. Blocking; belongs to one thread, except for {@link
 * #reserveVersions}.
 */
final class SeedLock implements AutoCloseable {

  /** Allows one load in a database. */
  private static final long LOAD = 4_847_921_122L;

  /** Excludes writers during a full replacement; the trigger {@code media_replaced} checks it. */
  private static final long WRITERS = 4_847_921_123L;

  /** Excludes a swap while a data verticle reads the generation; the verticles take it too. */
  private static final long SWAP = 4_847_921_124L;

  private static final String HOLDER =
      """
      select a.application_name || ', since ' || a.backend_start::timestamp(0)
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.classid::bigint = ? >> 32 and l.objid::bigint = ? & 4294967295
        and l.database = (select oid from pg_database where datname = current_database())
        and l.granted""";

  private final Connection connection;

  /** Opens the session; it holds no lock yet. */
  SeedLock(DataSource database) throws SQLException {
    connection = database.getConnection();
    try {
      Sql.execute(connection, "set application_name = '" + TargetStore.holderName() + "'");
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

  /** Takes the lock of the load, or fails with the name of its holder. */
  void acquire() throws SQLException {
    if (Sql.number(connection, "select pg_try_advisory_lock(?)::int", LOAD) == 0) {
      throw TargetStore.busy(Sql.text(connection, HOLDER, LOAD, LOAD));
    }
  }

  /** Whether some session holds the lock of the load. */
  static boolean isHeld(Connection connection) throws SQLException {
    return Sql.text(connection, HOLDER, LOAD, LOAD) != null;
  }

  /** Waits until running writes have ended; all others are refused from then on. */
  void excludeWriters() throws SQLException {
    lock(WRITERS);
  }

  /** Waits until no node is reading the generation; others wait for {@link #endSwap}. */
  void beginSwap() throws SQLException {
    lock(SWAP);
  }

  void endSwap() throws SQLException {
    Sql.execute(connection, "select pg_advisory_unlock(?)", SWAP);
  }

  /** Takes the next version. The caller owns those after it while writers are excluded. */
  long firstVersion() throws SQLException {
    return Sql.number(connection, "select nextval('media_version')");
  }

  /** Moves the sequence of versions past those up to this one. Any thread may call it. */
  synchronized void reserveVersions(long version) throws SQLException {
    Sql.execute(
        connection,
        "select setval('media_version', greatest(last_value, ?)) from media_version",
        version);
  }

  /**
   * Releases the locks explicitly: the server notices the end of a session only a moment later, and
   * the next load may begin before that.
   */
  @Override
  public void close() throws SQLException {
    try {
      Sql.execute(connection, "select pg_advisory_unlock_all()");
    } catch (SQLException lost) {
      // The session is gone, and its locks with it.
    } finally {
      connection.close();
    }
  }

  private void lock(long number) throws SQLException {
    Sql.execute(connection, "set lock_timeout = '30s'");
    Sql.execute(connection, "select pg_advisory_lock(?)", number);
    Sql.execute(connection, "set lock_timeout = 0");
  }
}
