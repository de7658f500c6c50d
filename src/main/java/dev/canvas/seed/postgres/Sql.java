package dev.canvas.seed.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Runs single statements on a JDBC connection. */
final class Sql {

  private Sql() {}

  /** Executes a statement with the values of its parameters. */
  static void execute(Connection connection, String statement, Object... values)
      throws SQLException {
    try (PreparedStatement prepared = prepare(connection, statement, values)) {
      prepared.execute();
    }
  }

  /** Returns the first column of the first row as a number; 0 for null or no row. */
  static long number(Connection connection, String query, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepare(connection, query, values);
        ResultSet result = prepared.executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** Returns the first column of the first row; null if there is no row. */
  static String text(Connection connection, String query, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepare(connection, query, values);
        ResultSet result = prepared.executeQuery()) {
      return result.next() ? result.getString(1) : null;
    }
  }

  /** Prepares a statement with the values of its parameters. */
  static PreparedStatement prepare(Connection connection, String statement, Object... values)
      throws SQLException {
    PreparedStatement prepared = connection.prepareStatement(statement);
    for (int i = 0; i < values.length; i++) {
      prepared.setObject(i + 1, values[i]);
    }
    return prepared;
  }
}
