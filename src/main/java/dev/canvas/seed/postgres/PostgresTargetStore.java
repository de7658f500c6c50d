package dev.canvas.seed.postgres;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.RecordReader;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Loads a Postgres store. Immutable.
 *
 * @param database whose schema is up to date
 * @param switches opens the switch of the caches for the store of that id
 */
public record PostgresTargetStore(DataSource database, Function<String, CatalogueSwitch> switches)
    implements TargetStore {

  @Override
  public Target open() throws SQLException {
    return new PostgresTarget(database, switches, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Optional<LastRun> lastRun() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return new RunLog(connection).last();
    }
  }

  @Override
  public RecordReader shoeImages(ProductParser parser) throws SQLException {
    return new ShoeImagesReader(database, parser);
  }
}
