package dev.canvas.history;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.history.Cycle.Step;
import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** The faults of Postgres: it dies, somebody locks a table, or the relay cannot keep up. */
final class PostgresFaults {

  private static final List<String> TABLES = List.of("product_media", "media_outbox", "catalogue");

  /** More than the relay's connection repairs by itself; see {@code RelayBacklogIT}. */
  private static final int BACKLOG = 25_000;

  /** Products that no client of a workload uses. */
  private static final int FIRST_OF_BACKLOG = 1_000_000;

  private static final String RELAY =
      """
      select pid from pg_locks
      where locktype = 'advisory' and objid = (4847921121 & 4294967295)::oid and granted
        and database = (select oid from pg_database where datname = current_database())\
      """;

  private final PostgresServer server;
  private final TestDatabase database;
  private Connection locking;
  private String frozen;

  PostgresFaults(PostgresServer server, TestDatabase database) {
    this.server = server;
    this.database = database;
  }

  List<Fault> all() {
    Stream<Fault> locks =
        TABLES.stream()
            .map(
                table ->
                    Cycle.fault(
                        "postgres-locked-" + table.replaceFirst(".*_", ""),
                        Victim.POSTGRES,
                        this::unlock,
                        Step.of(() -> lock(table), 4_000),
                        Step.of(this::unlock, 1_000)));
    Stream<Fault> others =
        Stream.of(
            Fault.of("postgres-killed", Victim.POSTGRES, server::kill, server::restart),
            Fault.of(
                "postgres-frozen",
                Victim.POSTGRES,
                () -> ProcessSignals.freeze(server.pid()),
                () -> ProcessSignals.thaw(server.pid())),
            Cycle.fault(
                "relay-frozen",
                Victim.POSTGRES,
                this::thawRelay,
                Step.of(this::freezeRelay, 3_000),
                Step.of(this::thawRelay, 1_000)),
            Fault.of("relay-backlog", Victim.POSTGRES, this::addBacklog, () -> {}));
    return Stream.concat(others, locks).toList();
  }

  /** Locks a table as DDL by hand does, until {@link #unlock()}. */
  private void lock(String table) {
    try {
      locking = database.dataSource().getConnection();
      locking.setAutoCommit(false);
      try (Statement statement = locking.createStatement()) {
        statement.execute("lock table " + table + " in access exclusive mode");
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void unlock() {
    if (locking == null) {
      return;
    }
    try {
      locking.close();
      locking = null;
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Freezes the backend of the relay that works; it keeps its lock. */
  private void freezeRelay() {
    frozen = database.query(RELAY);
    if (frozen != null) {
      ProcessSignals.freeze(Long.parseLong(frozen));
    }
  }

  private void thawRelay() {
    if (frozen != null) {
      ProcessSignals.thaw(Long.parseLong(frozen));
      frozen = null;
    }
  }

  private void addBacklog() {
    database.execute(
        """
        insert into product_media as old (product_id, media)
        select %d + number, '[]' from generate_series(1, %d) number
        on conflict (product_id) do update
        set media = ('[{"id":1000,"type":"image","url":"/' || old.version || '.webp"}]')::json\
        """
            .formatted(FIRST_OF_BACKLOG, BACKLOG));
  }
}
