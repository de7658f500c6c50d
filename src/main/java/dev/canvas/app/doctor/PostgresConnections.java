package dev.canvas.app.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The connections that a Postgres has to give. Immutable.
 *
 * @param most its {@code max_connections}
 * @param reserved those of them that it keeps for superusers and for {@code
 *     pg_use_reserved_connections}
 * @param used those in use, but for the one that asked
 */
public record PostgresConnections(int most, int reserved, int used) {

  /** A session that the asking user may not look into tells no type, but its database. */
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

  public static PostgresConnections read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(QUERY)) {
      result.next();
      return new PostgresConnections(result.getInt(1), result.getInt(2), result.getInt(3));
    }
  }

  /**
   * How many this process may hold.
   *
   * @param own how many of the used ones it holds already
   */
  public int free(int own) {
    return most - reserved - usedByOthers(own);
  }

  public int usedByOthers(int own) {
    return Math.max(0, used - own);
  }

  @Override
  public String toString() {
    return "%d of max_connections %d in use, %d reserved".formatted(used, most, reserved);
  }
}
