package dev.canvas.seed.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Statements on a connection that are not worth a class each. */
final class Sql {

  private Sql() {}

  /** Runs one; the values take the places of its question marks. */
  static void execute(Connection connection, String statement, Object... values)
      throws SQLException {
    try (PreparedStatement prepared = prepared(connection, statement, values)) {
      prepared.execute();
    }
  }

  /** The first column of the first row as a number; 0 for null and for no row. */
  static long number(Connection connection, String query, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepared(connection, query, values);
        ResultSet result = prepared.executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** The first column of the first row; null where there is none. */
  static String text(Connection connection, String query, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepared(connection, query, values);
        ResultSet result = prepared.executeQuery()) {
      return result.next() ? result.getString(1) : null;
    }
  }

  /** A statement with its values set. */
  static PreparedStatement prepared(Connection connection, String statement, Object... values)
      throws SQLException {
    PreparedStatement prepared = connection.prepareStatement(statement);
    for (int i = 0; i < values.length; i++) {
      prepared.setObject(i + 1, values[i]);
    }
    return prepared;
  }
}
