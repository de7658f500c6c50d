package dev.canvas.seed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** A Postgres database. Immutable. */
record PostgresSeedStore(DataSource database, Function<String, Readers> readers)
    implements SeedStore {

  @Override
  public Target target() throws SQLException {
    return new PostgresTarget(database, readers, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Optional<RunLog.Entry> lastRun() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return new RunLog(connection).last();
    }
  }

  @Override
  public Records table(ProductParser parser) throws SQLException {
    return new TableRecords(database, parser);
  }
}
