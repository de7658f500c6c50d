package dev.canvas.data.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Creates and migrates the tables of the Postgres store. Blocking; never call it on an event loop.
 */
public final class Schema {

  private Schema() {}

  /**
   * Migrates the tables to this release; does nothing if they are up to date. Nodes that start at
   * the same time wait for each other.
   *
   * @throws FlywayException if the database cannot be reached, or if a migration fails, which is
   *     then rolled back
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
