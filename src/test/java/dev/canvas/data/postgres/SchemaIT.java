package dev.canvas.data.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A release that starts with tables that a newer one has migrated. */
class SchemaIT {

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());

  @BeforeEach
  void migrate() {
    Schema.migrate(database.dataSource());
  }

  @AfterEach
  void drop() {
    database.close();
  }

  /** Change the text in {@link Schema} to what is found here. */
  @Test
  void aStartThatFindsEachMigrationOfThisReleaseLeavesFlywayOut() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      assertEquals(Schema.history(connection), Schema.MIGRATIONS);
    }
  }

  @Test
  void aMigrationOfAnotherBuildIsRefused() {
    database.execute(
        "update canvas_schema_history set checksum = checksum + 1 where version = '3'");
    assertThrows(FlywayValidateException.class, () -> Schema.migrate(database.dataSource()));
  }

  @Test
  void aNewerMigrationThatNeedsNothingNewerIsLeftAlone() {
    migrateLater(998, "a column more needs " + latest(), true);
    migrateLater(999, "another needs 8", true);
    Schema.migrate(database.dataSource());
    assertEquals("999", database.query("select max(version::int) from canvas_schema_history"));
  }

  @Test
  void aNewerMigrationThatNeedsAnotherIsRefused() {
    migrateLater(998, "a column more needs " + latest(), true);
    migrateLater(999, "the old column less needs 998", true);
    assertRefused("999, 'the old column less needs 998', where this release knows those up to ");
  }

  @Test
  void aNewerMigrationThatDoesNotSayWhatItNeedsIsRefused() {
    migrateLater(999, "later", true);
    assertRefused("migration 999, 'later'");
  }

  @Test
  void aNewerMigrationThatFailedIsRefused() {
    migrateLater(999, "a column more needs " + latest(), false);
    assertRefused("migration 999");
  }

  @Test
  void nodesThatStartAtTheSameTimeWaitForEachOther() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(8);
    try (TestDatabase empty = new TestDatabase(TestServers.shared().postgresUri())) {
      List<Callable<Void>> starts =
          Collections.nCopies(
              8,
              () -> {
                Schema.migrate(empty.dataSource());
                return null;
              });
      for (Future<Void> start : nodes.invokeAll(starts)) {
        start.get();
      }
    } finally {
      nodes.shutdown();
    }
  }

  private void assertRefused(String reason) {
    Schema.NewerException refused =
        assertThrows(Schema.NewerException.class, () -> Schema.migrate(database.dataSource()));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  private String latest() {
    return database.query("select max(version::int) from canvas_schema_history");
  }

  private void migrateLater(int version, String description, boolean success) {
    database.execute(
        """
        insert into canvas_schema_history
        select (select max(installed_rank) from canvas_schema_history) + 1, '%d', '%s', type,
          'V%1$d__later.sql', checksum, installed_by, installed_on, execution_time, %b
        from canvas_schema_history where version = '3'\
        """
            .formatted(version, description, success));
  }
}
