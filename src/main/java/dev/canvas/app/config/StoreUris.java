package dev.canvas.app.config;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.postgres.PostgresSettings;
import java.net.URI;
import java.net.URISyntaxException;

/** Reads the URIs of the stores and the cache, and rejects malformed ones at the start. */
public final class StoreUris {

  private StoreUris() {}

  /** Replaces the password in a URI, so that it may be shown. */
  public static String withoutPassword(String uri) {
    return uri.replaceAll("(?s)(://[^:/@]*):.*@", "$1:…@")
        .replaceAll("(?i)([?&][^=&]*password=)[^&]*", "$1…");
  }

  static PostgresSettings postgres(Settings settings) {
    try {
      return PostgresSettings.of(settings.text("postgres.uri"));
    } catch (IllegalArgumentException malformed) {
      throw settings.refused("postgres.uri", malformed.getMessage());
    }
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
    } catch (URISyntaxException malformed) {
      // Refused below.
    }
    throw settings.refused(
        "redis.uri", "a URI such as redis://host:6379, rediss://host:6379 or unix:///redis.sock");
  }

  static CouchDbSettings couchDb(Settings settings) {
    try {
      return CouchDbSettings.of(settings.text("couchdb.uri"));
    } catch (IllegalArgumentException malformed) {
      throw settings.refused("couchdb.uri", malformed.getMessage());
    }
  }
}
