package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.PostgresDataSource;
import dev.canvas.control.CatalogueSwitch;
import dev.canvas.data.DataNode;
import dev.canvas.data.DataSettings;
import dev.canvas.data.couchdb.CouchDbSettings;
import dev.canvas.media.MediaRules;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.couchdb.CouchDbSeedSettings;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.net.URI;
import java.util.function.Function;

/** Puts a seeder and the caches that have to hear of it together. */
public final class SeedWiring {

  private SeedWiring() {}

  /** The seeder of the configured store and cache. */
  public static SeedLauncher of(Vertx vertx, Configuration configuration) {
    DataSettings data = configuration.data();
    MediaRules rules = configuration.http().rules();
    Function<String, CatalogueSwitch> readers =
        store -> DataNode.catalogueSwitch(vertx, data, store);
    return switch (data.store()) {
      case POSTGRES ->
          SeedLauncher.ofPostgres(PostgresDataSource.of(data.postgresUri()), rules, readers);
      case COUCHDB -> SeedLauncher.ofCouchDb(address(data.couchDb()), rules, readers);
    };
  }

  private static CouchDbSeedSettings address(CouchDbSettings couchDb) {
    String server =
        (couchDb.tls() ? "https://" : "http://") + couchDb.host() + ":" + couchDb.port();
    return new CouchDbSeedSettings(
        URI.create(server + "/" + couchDb.database()),
        couchDb.user() == null
            ? null
            : new UsernamePasswordCredentials(couchDb.user(), couchDb.password())
                .toHttpAuthorization());
  }
}
