package dev.canvas.data.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables of the Postgres store. Blocking: not for an event loop. */
public final class Schema {

  private Schema() {}

  /**
   * Brings the tables up to this release; does nothing where they are. Nodes that start together
   * wait for each other.
   *
   * @throws FlywayException where the database cannot be reached, or a migration fails; then
   *     nothing of that migration stays
   */
  public static void migrate(DataSource database) {
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:db/migration")
        .table("canvas_schema_history")
        // The first service's database has tables of its own.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
