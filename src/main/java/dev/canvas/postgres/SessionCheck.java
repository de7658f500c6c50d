package dev.canvas.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Finds out whether a connection keeps its session. A pooler such as PgBouncer in transaction mode
 * gives each transaction the session that is free at that moment. Advisory locks, prepared
 * statements and settings, which Canvas needs, are then those of somebody else.
 */
public final class SessionCheck {

  /** Other clients of the pooler may take a session in between, so one look is not enough. */
  private static final int LOOKS = 5;

  /** SQLSTATEs of a prepared statement that another client made, or that another session has. */
  private static final Set<String> STRANGE_STATEMENTS = Set.of("42P05", "26000");

  private static final String PROBLEM =
      "a pooler gives each transaction another session, and Canvas needs advisory locks, prepared"
          + " statements and settings that last as long as the connection";

  /** What to do about a problem. */
  public static final String REMEDY =
      "set its pool_mode to session, or name Postgres itself in CANVAS_POSTGRES_URI";

  private SessionCheck() {}

  /** The problem of a database; empty if sessions last. Blocking. */
  public static Optional<String> problem(DataSource database) throws SQLException {
    try (Connection one = database.getConnection()) {
      int announced = one.unwrap(PGConnection.class).getBackendPID();
      if (announced == session(one)) {
        return Optional.empty();
      }
      try (Connection other = database.getConnection()) {
        for (int look = 0; look < LOOKS; look++) {
          if (share(one, other)) {
            return Optional.of(PROBLEM);
          }
        }
      }
      return Optional.empty();
    } catch (SQLException failure) {
      // Statement mode refuses transactions.
      if (STRANGE_STATEMENTS.contains(failure.getSQLState())
          || failure.getMessage().contains("pooling mode")) {
        return Optional.of(PROBLEM);
      }
      throw failure;
    }
  }

  /** Whether the other connection takes the session of the first while that is idle. */
  private static boolean share(Connection one, Connection other) throws SQLException {
    int before = session(one);
    other.setAutoCommit(false);
    boolean shared = session(other) == before || session(one) != before;
    other.rollback();
    other.setAutoCommit(true);
    return shared;
  }

  private static int session(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
      result.next();
      return result.getInt(1);
    }
  }
}
