package dev.canvas.app.server;

import dev.canvas.app.config.PostgresDataSource;
import dev.canvas.app.doctor.PostgresConnections;
import dev.canvas.data.DataNode;
import dev.canvas.media.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The capacity of a Postgres: what the data side holds of its connections is bounded. Thread-safe.
 */
final class PostgresCapacity implements Capacity {

  private static final String TOO_MANY_CONNECTIONS = "53300";

  private final DataSource database;

  PostgresCapacity(String uri) {
    this.database = PostgresDataSource.impatient(uri);
  }

  @Override
  public void check(int running, int wanted) {
    PostgresConnections connections = read();
    int own = DataNode.postgresConnections(running);
    int needed = DataNode.postgresConnections(wanted);
    if (needed > connections.free(own)) {
      throw Problem.CAPACITY_EXCEEDED.because(
          "%d data verticles hold %d connections, and Postgres has %d for them: max_connections is"
              + " %d, of which %d are reserved and %d in use by others; raise it, or ask for fewer",
          wanted,
          needed,
          Math.max(0, connections.free(own)),
          connections.most(),
          connections.reserved(),
          connections.usedByOthers(own));
    }
  }

  private PostgresConnections read() {
    try (Connection connection = database.getConnection()) {
      return PostgresConnections.read(connection);
    } catch (SQLException failure) {
      if (TOO_MANY_CONNECTIONS.equals(failure.getSQLState())) {
        throw Problem.CAPACITY_EXCEEDED.because(
            "Postgres has no connection left, not even to ask it for its max_connections");
      }
      throw Problem.UNAVAILABLE.because(
          "Postgres cannot be asked for its max_connections: %s", ServiceStart.firstLine(failure));
    }
  }
}
