package dev.canvas.seed.postgres;

import dev.canvas.seed.Target;
import java.sql.Connection;
import java.sql.SQLException;

/** The number of the catalogue, which every key of a cache carries. */
final class Generations {

  private Generations() {}

  /**
   * Ends a run in the transaction of the connection: another generation begins, and a table that
   * was adopted makes room for the view of its name.
   */
  static long end(Connection connection, Target.Begun run) throws SQLException {
    if (run.request().fromTable()) {
      Sql.execute(connection, "alter table shoe_images rename to shoe_images_adopted");
      Sql.execute(connection, "select make_shoe_images()");
    }
    new RunLog(connection).enter(run.number(), "done");
    return Sql.number(
        connection, "update catalogue set generation = generation + 1 returning generation");
  }
}
