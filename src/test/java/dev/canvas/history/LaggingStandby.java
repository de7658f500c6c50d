package dev.canvas.history;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An asynchronous standby that lags: a base backup that has the primary's log up to a named moment.
 * When it is promoted, it takes the primary's place, address included, on a new timeline; what was
 * committed after the moment is lost. The steps are those of the Postgres manual, chapter
 * "Continuous Archiving". Used by one thread.
 */
final class LaggingStandby {

  /** Files may be dropped while they are copied: the log drops them again. */
  private static final String BACK_UP =
      """
      rm -rf "$STANDBY"
      cp -a "$DATA" "$STANDBY" 2>/dev/null
      rm -rf "$STANDBY/postmaster.pid" "$STANDBY/pg_wal"
      mkdir -m 700 "$STANDBY/pg_wal"
      """;

  private static final String TAKE_THE_PLACE =
      """
      set -e
      rm -rf "$LOST"
      mv "$DATA" "$LOST"
      mv "$STANDBY" "$DATA"
      cat >>"$DATA/postgresql.auto.conf" <<END
      restore_command = 'cp "$LOST/pg_wal/%f" "%p"'
      recovery_target_name = 'standby'
      recovery_target_action = 'promote'
      END
      touch "$DATA/recovery.signal"
      """;

  private final PostgresServer primary;
  private final TestDatabase database;
  private final Path data;

  LaggingStandby(PostgresServer primary, TestDatabase database) {
    this.primary = primary;
    this.database = database;
    this.data = Path.of(database.query("show data_directory"));
  }

  /** Takes the base backup, and names the moment up to which the standby will have the log. */
  void follow() {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', fast => true)");
      run(BACK_UP);
      try (ResultSet stopped =
          statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        stopped.next();
        Files.writeString(beside("standby").resolve("backup_label"), stopped.getString(1));
      }
      statement.execute("select pg_create_restore_point('standby')");
    } catch (IOException | SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Kills the primary and starts the standby in its place. Returns when it can be read. */
  void promote() {
    primary.kill();
    run(TAKE_THE_PLACE);
    primary.restart();
  }

  private void run(String script) {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).inheritIO();
    shell.environment().put("DATA", data.toString());
    shell.environment().put("STANDBY", beside("standby").toString());
    shell.environment().put("LOST", beside("lost").toString());
    try {
      if (shell.start().waitFor() != 0) {
        throw new IllegalStateException("failed: " + script);
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Path beside(String name) {
    return data.resolveSibling(name);
  }
}
