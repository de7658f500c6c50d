package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.control.CatalogueSwitch;
import dev.canvas.data.DataNode;
import dev.canvas.data.DataSettings;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.couchdb.CouchDbTargetStore;
import dev.canvas.seed.postgres.PostgresTargetStore;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** Assembles the launcher of loads for the configured store and cache. */
public final class SeedWiring {

  private SeedWiring() {}

  /** Creates the launcher. It opens no connection before its first use. */
  public static SeedLauncher launcher(Vertx vertx, Configuration configuration) {
    DataSettings data = configuration.data();
    Function<String, CatalogueSwitch> switches =
        store -> DataNode.catalogueSwitch(vertx, data, store);
    TargetStore store =
        switch (data.store()) {
          case POSTGRES ->
              new PostgresTargetStore(PostgresDataSource.of(data.postgres()), switches);
          case COUCHDB -> new CouchDbTargetStore(vertx, data.couchDb(), switches);
        };
    return new SeedLauncher(store, configuration.http().rules());
  }
}
