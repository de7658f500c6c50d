package dev.canvas.data.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates and migrates the tables of the Postgres store. Blocking; never call it on an event loop.
 */
public final class Schema {

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  /** Held until its connection is closed; the key is this class's own. */
  private static final String LOCK =
      "select pg_advisory_lock(hashtextextended('canvas.schema', 0))";

  private static final Set<MigrationState> NEWER =
      EnumSet.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  /**
   * How the name of a migration ends that leaves earlier releases working: with the last migration
   * that a release has to know for that.
   */
  private static final Pattern NEEDS = Pattern.compile(".* needs (\\d+)");

  /** A newer release has migrated the tables so that this one cannot use them. */
  public static final class NewerException extends RuntimeException {

    private NewerException(String message) {
      super(message);
    }
  }

  private Schema() {}

  /**
   * Migrates the tables to this release; does nothing if they are up to date, or newer and made for
   * this release as well. Nodes that start at the same time wait for each other.
   *
   * @throws FlywayException if the database cannot be reached, or if a migration fails, which is
   *     then rolled back
   * @throws NewerException naming the migration that this release does not know
   */
  public static void migrate(DataSource database) {
    // Flyway's own lock is on its table, so it does not protect the creation of that table.
    try (Connection connection = database.getConnection();
        Statement lock = connection.createStatement()) {
      lock.execute(LOCK);
      migrateAlone(database);
    } catch (SQLException failure) {
      throw new FlywayException(failure.getMessage(), failure);
    }
  }

  private static void migrateAlone(DataSource database) {
    Flyway flyway =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(database)
            .locations("classpath:db/migration")
            .table("canvas_schema_history")
            // The first service's database has tables of its own.
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .load();
    MigrationInfo[] migrations = flyway.info().all();
    List<MigrationInfo> newer =
        Stream.of(migrations).filter(each -> NEWER.contains(each.getState())).toList();
    if (newer.isEmpty()) {
      flyway.migrate();
      return;
    }
    MigrationVersion known = known(migrations);
    newer.forEach(migration -> checkNewer(migration, known));
    flyway.validate();
    MigrationInfo newest = newer.get(newer.size() - 1);
    LOG.info(
        "A newer release has migrated the tables ({}, '{}'); this one can use them",
        newest.getVersion(),
        newest.getDescription());
  }

  private static MigrationVersion known(MigrationInfo[] migrations) {
    return Stream.of(migrations)
        .filter(migration -> !NEWER.contains(migration.getState()))
        .map(MigrationInfo::getVersion)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(MigrationVersion.fromVersion("0"));
  }

  private static void checkNewer(MigrationInfo migration, MigrationVersion known) {
    Matcher needs = NEEDS.matcher(migration.getDescription());
    if (migration.getState() != MigrationState.FUTURE_SUCCESS
        || !needs.matches()
        || known.compareTo(MigrationVersion.fromVersion(needs.group(1))) < 0) {
      throw new NewerException(
          "migration %s, '%s', where this release knows those up to %s"
              .formatted(migration.getVersion(), migration.getDescription(), known));
    }
  }
}
