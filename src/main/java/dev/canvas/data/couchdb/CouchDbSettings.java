package dev.canvas.data.couchdb;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A database at a CouchDB. Immutable.
 *
 * @param tls whether the server is asked over https
 * @param port 5984 where the URI names none, 6984 with TLS
 * @param user null where the URI names none
 * @param password null where the URI names none
 * @param database its name
 */
public record CouchDbSettings(
    boolean tls, String host, int port, String user, String password, String database) {

  private static final int PORT = 5984;
  private static final int TLS_PORT = 6984;

  /** CouchDB's own rule for names of databases. */
  private static final String NAME = "[a-z][a-z0-9_$()+-]*";

  /**
   * The database of a URI.
   *
   * @param text {@code http://user:password@host:port/database}
   * @throws IllegalArgumentException for anything else; its message has no password
   */
  public static CouchDbSettings of(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException malformed) {
      throw refused();
    }
    boolean tls = "https".equals(uri.getScheme());
    if ((!tls && !"http".equals(uri.getScheme())) || uri.getHost() == null) {
      throw refused();
    }
    String database = uri.getPath().replaceFirst("^/", "").replaceFirst("/$", "");
    if (!database.matches(NAME) || uri.getQuery() != null || uri.getFragment() != null) {
      throw refused();
    }
    String[] user =
        uri.getRawUserInfo() == null
            ? new String[] {null, null}
            : uri.getRawUserInfo().split(":", 2);
    if (user.length < 2) {
      throw refused();
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
    return new CouchDbSettings(
        tls, uri.getHost(), port, decoded(user[0]), decoded(user[1]), database);
  }

  /** The URI as it may be shown: without the password. */
  @Override
  public String toString() {
    return "%s://%s%s:%d/%s"
        .formatted(tls ? "https" : "http", user == null ? "" : user + ":…@", host, port, database);
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException("a URI such as http://user:password@host:5984/canvas");
  }

  private static String decoded(String text) {
    return text == null
        ? null
        : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
