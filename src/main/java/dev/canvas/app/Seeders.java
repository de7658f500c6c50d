package dev.canvas.app;

import dev.canvas.seed.Readers;
import dev.canvas.seed.Seeder;
import io.vertx.core.Vertx;

/** Puts a seeder and the caches that have to hear of it together. */
final class Seeders {

  private Seeders() {}

  /** The seeder of the configured store and cache. */
  static Seeder of(Vertx vertx, Configuration configuration) {
    return new Seeder(
        PostgresDataSource.of(configuration.data().postgresUri()),
        () ->
            new Readers() {
              @Override
              public void distrust() {}

              @Override
              public void trust(long g) {}

              @Override
              public void close() {}
            });
  }
}
