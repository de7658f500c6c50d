package dev.canvas.app;

import dev.canvas.data.CacheSwap;
import dev.canvas.data.CouchDbSettings;
import dev.canvas.data.DataSettings;
import dev.canvas.media.MediaRules;
import dev.canvas.seed.CouchDbSeedSettings;
import dev.canvas.seed.Readers;
import dev.canvas.seed.Seeder;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.net.URI;
import java.util.function.Function;

/** Puts a seeder and the caches that have to hear of it together. */
final class Seeders {

  private Seeders() {}

  /** The seeder of the configured store and cache. */
  static Seeder of(Vertx vertx, Configuration configuration) {
    DataSettings data = configuration.data();
    MediaRules rules = configuration.http().rules();
    Function<String, Readers> readers = store -> readers(new CacheSwap(vertx, data, store));
    return switch (data.store()) {
      case POSTGRES -> Seeder.ofPostgres(PostgresDataSource.of(data.postgresUri()), rules, readers);
      case COUCHDB -> Seeder.ofCouchDb(address(data.couchDb()), rules, readers);
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

  private static Readers readers(CacheSwap caches) {
    return new Readers() {
      @Override
      public void distrust() throws InterruptedException {
        caches.begin();
      }

      @Override
      public void trust(long generation) throws InterruptedException {
        caches.end(generation);
      }

      @Override
      public void move(long generation) throws InterruptedException {
        caches.move(generation);
      }

      @Override
      public void close() {
        caches.close();
      }
    };
  }
}
