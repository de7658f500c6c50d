package dev.canvas.couchdb;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Says where a CouchDB database is, and with which user to access it. Immutable.
 *
 * @param tls whether to use https
 * @param port by default 5984, or 6984 with TLS
 * @param user null for none
 * @param password null for none
 * @param database the name of the database
 */
public record CouchDbSettings(
    boolean tls, String host, int port, String user, String password, String database) {

  private static final int PORT = 5984;
  private static final int TLS_PORT = 6984;

  /** The syntax of a database name (CouchDB, PUT /{db}). */
  private static final String NAME = "[a-z][a-z0-9_$()+-]*";

  /**
   * Parses a URI.
   *
   * @param text {@code http://user:password@host:port/database}
   * @throws IllegalArgumentException for anything else; its message says what is expected, and
   *     reveals no password
   */
  public static CouchDbSettings of(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException syntax) {
      throw malformed();
    }
    boolean tls = "https".equals(uri.getScheme());
    if ((!tls && !"http".equals(uri.getScheme())) || uri.getHost() == null) {
      throw malformed();
    }
    String database = uri.getPath().replaceFirst("^/", "").replaceFirst("/$", "");
    if (!database.matches(NAME) || uri.getQuery() != null || uri.getFragment() != null) {
      throw malformed();
    }
    String[] user =
        uri.getRawUserInfo() == null
            ? new String[] {null, null}
            : uri.getRawUserInfo().split(":", 2);
    if (user.length < 2) {
      throw malformed();
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
    return new CouchDbSettings(
        tls, uri.getHost(), port, decoded(user[0]), decoded(user[1]), database);
  }

  /** The URI without its password, safe to log. */
  @Override
  public String toString() {
    return "%s://%s%s:%d/%s"
        .formatted(tls ? "https" : "http", user == null ? "" : user + ":…@", host, port, database);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("a URI such as http://user:password@host:5984/canvas");
  }

  private static String decoded(String text) {
    return text == null
        ? null
        : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
