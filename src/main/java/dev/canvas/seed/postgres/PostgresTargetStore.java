package dev.canvas.seed.postgres;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.seed.Target;
import dev.canvas.seed.TargetStore;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.Records;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** A Postgres database. Immutable. */
public record PostgresTargetStore(DataSource database, Function<String, CatalogueSwitch> readers)
    implements TargetStore {

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
