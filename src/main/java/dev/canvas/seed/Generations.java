package dev.canvas.seed;

import java.sql.Connection;
import java.sql.SQLException;

/** The number of the catalogue, which every key of a cache carries. */
final class Generations {

  private Generations() {}

  /** Begins another in the transaction of the connection. */
  static long next(Connection connection) throws SQLException {
    return Sql.number(
        connection, "update catalogue set generation = generation + 1 returning generation");
  }
}
