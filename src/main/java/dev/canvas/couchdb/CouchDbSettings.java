package dev.canvas.couchdb;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** User and password, host, and port. Unlike {@link URI}, it takes hosts with underscores. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:([^@]*)@)?([\\w.-]+|\\[[^\\]]+\\])(?::(\\d{1,5}))?");

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
    Matcher authority =
        AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if ((!tls && !"http".equals(uri.getScheme())) || !authority.matches()) {
      throw malformed();
    }
    String database = uri.getPath().replaceFirst("^/", "").replaceFirst("/$", "");
    if (!database.matches(NAME) || uri.getQuery() != null || uri.getFragment() != null) {
      throw malformed();
    }
    String[] user =
        authority.group(1) == null ? new String[] {null, null} : authority.group(1).split(":", 2);
    if (user.length < 2) {
      throw malformed();
    }
    int port =
        authority.group(3) != null ? Integer.parseInt(authority.group(3)) : tls ? TLS_PORT : PORT;
    return new CouchDbSettings(
        tls, authority.group(2), port, decoded(user[0]), decoded(user[1]), database);
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
