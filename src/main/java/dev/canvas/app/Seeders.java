package dev.canvas.app;

import dev.canvas.data.CacheSwap;
import dev.canvas.data.DataSettings;
import dev.canvas.seed.Readers;
import dev.canvas.seed.Seeder;
import io.vertx.core.Vertx;

/** Puts a seeder and the caches that have to hear of it together. */
final class Seeders {

  private Seeders() {}

  /** The seeder of the configured store and cache. */
  static Seeder of(Vertx vertx, Configuration configuration) {
    DataSettings data = configuration.data();
    return new Seeder(
        PostgresDataSource.of(data.postgresUri()),
        configuration.http().rules(),
        store -> readers(new CacheSwap(vertx, data, store)));
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
      public void close() {
        caches.close();
      }
    };
  }
}
