package dev.canvas.app.config;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.redis.RedisSettings;

/** Reads the URIs of the stores and the cache, and rejects malformed ones at the start. */
final class StoreUris {

  private StoreUris() {}

  static PostgresSettings postgres(Settings settings) {
    try {
      return PostgresSettings.of(settings.text("postgres.uri"));
    } catch (IllegalArgumentException malformed) {
      throw settings.refused("postgres.uri", malformed.getMessage());
    }
  }

  static RedisSettings redis(Settings settings) {
    try {
      return RedisSettings.of(settings.text("redis.uri"), settings.text("redis.ca"));
    } catch (IllegalArgumentException malformed) {
      throw settings.refused("redis.uri", malformed.getMessage());
    }
  }

  static CouchDbSettings couchDb(Settings settings) {
    try {
      return CouchDbSettings.of(settings.text("couchdb.uri"));
    } catch (IllegalArgumentException malformed) {
      throw settings.refused("couchdb.uri", malformed.getMessage());
    }
  }
}
