package dev.canvas.data.postgres;

import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * Creates and migrates the tables of the Postgres store. Blocking; never call it on an event loop.
 */
public final class Schema {

  private static final Set<MigrationState> NEWER =
      EnumSet.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  /** A newer release has migrated the tables. */
  public static final class NewerException extends RuntimeException {

    private NewerException(String message) {
      super(message);
    }
  }

  private Schema() {}

  /**
   * Migrates the tables to this release; does nothing if they are up to date. Nodes that start at
   * the same time wait for each other.
   *
   * @throws FlywayException if the database cannot be reached, or if a migration fails, which is
   *     then rolled back
   * @throws NewerException naming the migration that this release does not know
   */
  public static void migrate(DataSource database) {
    Flyway flyway =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(database)
            .locations("classpath:db/migration")
            .table("canvas_schema_history")
            // The first service's database has tables of its own.
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .load();
    refuseNewer(flyway.info().all());
    flyway.migrate();
  }

  /** Flyway itself takes no offence at migrations that it does not know, if they are newer. */
  private static void refuseNewer(MigrationInfo[] migrations) {
    String known = "0";
    for (MigrationInfo migration : migrations) {
      if (migration.getVersion() == null) {
        continue;
      }
      if (NEWER.contains(migration.getState())) {
        throw new NewerException(
            "migration %s, '%s', where this release knows those up to %s"
                .formatted(migration.getVersion(), migration.getDescription(), known));
      }
      known = migration.getVersion().getVersion();
    }
  }
}
