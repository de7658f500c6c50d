package dev.canvas.app.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How many connections a Postgres server allows and uses. Immutable.
 *
 * @param max its {@code max_connections}
 * @param reserved the part that is reserved for superusers and members of {@code
 *     pg_use_reserved_connections}
 * @param used the connections in use, without the one that ran the query
 */
public record PostgresConnections(int max, int reserved, int used) {

  /** Sessions of other users may hide their type, but still show their database. */
  private static final String QUERY =
      """
      select current_setting('max_connections')::int,
        current_setting('superuser_reserved_connections')::int
          + coalesce(current_setting('reserved_connections', true), '0')::int,
        (select count(*)
         from pg_stat_activity
         where datid is not null
           and coalesce(backend_type, 'client backend') = 'client backend'
           and pid <> pg_backend_pid())""";

  /** Asks the server; the connection stays open. */
  public static PostgresConnections read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(QUERY)) {
      result.next();
      return new PostgresConnections(result.getInt(1), result.getInt(2), result.getInt(3));
    }
  }

  /**
   * The number of connections that are available to this process.
   *
   * @param own the part of the used connections that this process already holds
   */
  public int available(int own) {
    return max - reserved - usedByOthers(own);
  }

  /** The connections in use by other processes. */
  public int usedByOthers(int own) {
    return Math.max(0, used - own);
  }

  @Override
  public String toString() {
    return "%d of %d connections (max_connections) in use, %d reserved"
        .formatted(used, max, reserved);
  }
}
