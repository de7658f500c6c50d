package dev.canvas.app.config;

import dev.canvas.data.couchdb.CouchDbSettings;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.net.URISyntaxException;

/** Reads where the stores and the cache are, so that one that cannot be meant stops the start. */
final class StoreAddresses {

  private StoreAddresses() {}

  static String postgres(Settings settings) {
    String uri = settings.text("postgres.uri");
    try {
      if (uri.matches("postgres(ql)?://.+")) {
        PgConnectOptions.fromUri(uri);
        return uri;
      }
    } catch (IllegalArgumentException unreadable) {
      // Told below, without what the driver says: it may repeat the password.
    }
    throw settings.refused(
        "postgres.uri", "a URI such as postgresql://user:password@host:5432/canvas");
  }

  static String redis(Settings settings) {
    String uri = settings.text("redis.uri");
    if (uri.startsWith("unix://") && uri.length() > "unix://".length()) {
      return uri;
    }
    try {
      if (uri.matches("rediss?://.+") && new URI(uri).getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException unreadable) {
      // Told below.
    }
    throw settings.refused(
        "redis.uri", "a URI such as redis://host:6379, rediss://host:6379 or unix:///redis.sock");
  }

  static CouchDbSettings couchDb(Settings settings) {
    try {
      return CouchDbSettings.of(settings.text("couchdb.uri"));
    } catch (IllegalArgumentException unreadable) {
      throw settings.refused("couchdb.uri", unreadable.getMessage());
    }
  }
}
