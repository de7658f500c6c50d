package dev.canvas.app.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The JDBC data source of a Postgres URI, for migrations, loading and checks. */
public final class PostgresDataSource {

  private static final Pattern URI =
      Pattern.compile("postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?(.+)");
  private static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 5;

  private PostgresDataSource() {}

  /**
   * The data source of a database.
   *
   * @param uri {@code postgresql://user:password@host:port/database?sslmode=…}
   * @throws StartFailure for a URI that cannot be read
   */
  public static DataSource of(String uri) {
    return source(uri);
  }

  /**
   * The same for questions that somebody waits for: a frozen server fails them after some seconds.
   *
   * @throws StartFailure for a URI that cannot be read
   */
  public static DataSource impatient(String uri) {
    PGSimpleDataSource source = source(uri);
    source.setSocketTimeout(ANSWER_SECONDS);
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
      source.setConnectTimeout(CONNECT_SECONDS);
      // A frozen server's kernel still connects.
      source.setLoginTimeout(CONNECT_SECONDS);
      source.setApplicationName("canvas");
      return source;
    } catch (IllegalArgumentException unreadable) {
      throw new StartFailure(
          "postgres.uri (CANVAS_POSTGRES_URI) is '%s': expected %s"
              .formatted(
                  Settings.withoutPassword(uri), "postgresql://user:password@host:port/database"),
          unreadable);
    }
  }

  private static String decode(String text) {
    return text == null ? null : URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
