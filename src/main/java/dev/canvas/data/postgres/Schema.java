package dev.canvas.data.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
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

  /**
   * The migrations of this release with their checksums, as {@link #HISTORY} tells them once all
   * have been made. A start that finds them does without Flyway, which would take a part of each
   * start.
   */
  static final String MIGRATIONS =
      "1 1848372091 t, 2 -1653070457 t, 3 2094847965 t, 4 292471119 t, 5 663847703 t,"
          + " 6 513113336 t, 7 -1914851318 t, 8 -1113108255 t, 9 -1399223914 t";

  private static final String HISTORY =
      """
      select string_agg(concat_ws(' ', version, checksum, success), ', ' order by installed_rank)
      from canvas_schema_history where type <> 'BASELINE'\
      """;

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
      if (!MIGRATIONS.equals(history(connection))) {
        migrateAlone(database);
      }
    } catch (SQLException failure) {
      throw new FlywayException(failure.getMessage(), failure);
    }
  }

  /** What has been migrated so far; null if nothing has. */
  static String history(Connection connection) throws SQLException {
    return text(connection, "select to_regclass('canvas_schema_history')") == null
        ? null
        : text(connection, HISTORY);
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
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
