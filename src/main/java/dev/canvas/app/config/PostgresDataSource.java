package dev.canvas.app.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes JDBC data sources from Postgres URIs, for migrations, loads and checks. */
public final class PostgresDataSource {

  private static final Pattern URI =
      Pattern.compile("postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?(.+)");
  private static final int CONNECT_TIMEOUT_SECONDS = 5;
  private static final int READ_TIMEOUT_SECONDS = 5;

  private PostgresDataSource() {}

  /**
   * The data source of a database, without a limit on the duration of a statement.
   *
   * @param uri {@code postgresql://user:password@host:port/database?sslmode=…}
   * @throws StartFailure if the URI is malformed
   */
  public static DataSource of(String uri) {
    return source(uri);
  }

  /**
   * The same for interactive checks: a statement fails if the server does not respond within 5 s.
   *
   * @throws StartFailure if the URI is malformed
   */
  public static DataSource withReadTimeout(String uri) {
    PGSimpleDataSource source = source(uri);
    source.setSocketTimeout(READ_TIMEOUT_SECONDS);
    return source;
  }

  private static PGSimpleDataSource source(String uri) {
    try {
      Matcher parts = URI.matcher(uri);
      if (!parts.matches()) {
        throw new IllegalArgumentException(uri);
      }
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setURL("jdbc:postgresql://" + parts.group(3));
      source.setUser(decode(parts.group(1)));
      source.setPassword(decode(parts.group(2)));
      source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
      // The kernel of a frozen server still accepts connections; only the login stalls.
      source.setLoginTimeout(CONNECT_TIMEOUT_SECONDS);
      source.setApplicationName("canvas");
      return source;
    } catch (IllegalArgumentException malformed) {
      throw new StartFailure(
          "postgres.uri (CANVAS_POSTGRES_URI) is '%s': expected %s"
              .formatted(
                  StoreUris.withoutPassword(uri), "postgresql://user:password@host:port/database"),
          malformed);
    }
  }

  private static String decode(String text) {
    return text == null ? null : URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
