package dev.canvas.postgres;

import dev.canvas.postgres.PostgresSettings.SslMode;
import dev.canvas.tls.TlsFailure;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes JDBC connections to a Postgres database, for migrations, loads and checks. Tries its hosts
 * in turn. Thread-safe.
 */
public final class PostgresDataSource implements DataSource {

  private static final int CONNECT_TIMEOUT_SECONDS = 5;
  private static final int READ_TIMEOUT_SECONDS = 5;

  /** SQLSTATE of a server that cannot be used, though it answers: another attempt is no use. */
  private static final String REJECTED = "08004";

  /** SQLSTATE invalid_authorization_specification: among others, TLS is required, or forbidden. */
  private static final String NOT_AUTHORISED = "28000";

  private final PostgresSettings settings;
  private final int readTimeoutSeconds;

  private PostgresDataSource(PostgresSettings settings, int readTimeoutSeconds) {
    this.settings = settings;
    this.readTimeoutSeconds = readTimeoutSeconds;
  }

  /** The data source of a database, without a limit on the duration of a statement. */
  public static DataSource of(PostgresSettings settings) {
    return new PostgresDataSource(settings, 0);
  }

  /** The same for interactive checks: a statement fails if the server does not respond in 5 s. */
  public static DataSource withReadTimeout(PostgresSettings settings) {
    return new PostgresDataSource(settings, READ_TIMEOUT_SECONDS);
  }

  @Override
  public Connection getConnection() throws SQLException {
    SQLException first = null;
    for (PostgresHost host : settings.hosts()) {
      try {
        return connection(host);
      } catch (SQLException failure) {
        // Of several failures, that of a server that answers says more than that of one that is
        // down.
        if (first == null || (isDown(first) && !isDown(failure))) {
          first = failure;
        }
      }
    }
    throw first;
  }

  private static boolean isDown(SQLException failure) {
    return "08001".equals(failure.getSQLState());
  }

  private Connection connection(PostgresHost host) throws SQLException {
    Connection connection =
        host.isSocket()
            ? connection(host, SslMode.DISABLE)
            : switch (settings.mode()) {
              case DISABLE, REQUIRE -> connection(host, settings.mode());
              case ALLOW -> eitherWay(host, SslMode.DISABLE, SslMode.REQUIRE);
              case PREFER -> eitherWay(host, SslMode.REQUIRE, SslMode.DISABLE);
            };
    if (settings.writable()) {
      requireWritable(connection, host);
    }
    return connection;
  }

  private Connection eitherWay(PostgresHost host, SslMode preferred, SslMode other)
      throws SQLException {
    try {
      return connection(host, preferred);
    } catch (SQLException failure) {
      if (!NOT_AUTHORISED.equals(failure.getSQLState())
          && !REJECTED.equals(failure.getSQLState())) {
        throw failure;
      }
      try {
        return connection(host, other);
      } catch (SQLException again) {
        // What the server answers says more than that it has no TLS.
        throw isAnswer(again) ? again : failure;
      }
    }
  }

  private static boolean isAnswer(SQLException failure) {
    return failure.getSQLState() != null && !failure.getSQLState().startsWith("08");
  }

  private Connection connection(PostgresHost host, SslMode mode) throws SQLException {
    try {
      return source(host, mode).getConnection();
    } catch (SQLException failure) {
      TlsFailure tls =
          TlsFailure.of(failure, "Postgres at " + host, "sslrootcert", "sslcert").orElse(null);
      if (tls != null) {
        throw new SQLException(tls.getMessage(), REJECTED);
      }
      throw failure;
    }
  }

  private PGSimpleDataSource source(PostgresHost host, SslMode mode) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host.isSocket() ? "localhost" : bracketed(host.name())});
    source.setPortNumbers(new int[] {host.port()});
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    source.setPassword(host.password());
    source.setApplicationName(settings.applicationName());
    source.setOptions(settings.options());
    int seconds =
        settings.connectTimeout() == null
            ? CONNECT_TIMEOUT_SECONDS
            : (int) settings.connectTimeout().toSeconds();
    source.setConnectTimeout(seconds);
    // The kernel of a frozen server still accepts connections; only the login stalls.
    source.setLoginTimeout(seconds);
    source.setSocketTimeout(readTimeoutSeconds);
    source.setProperty(PGProperty.GSS_ENC_MODE, "disable");
    source.setSslMode(mode == SslMode.REQUIRE ? "require" : "disable");
    if (mode == SslMode.REQUIRE) {
      source.setSslfactory(JdbcTlsFactory.class.getName());
      source.setSslRootCert(settings.tls().ca());
      source.setSslCert(settings.tls().certificate());
      source.setSslKey(settings.tls().key());
      source.setProperty(PGProperty.SSL_FACTORY_ARG, Boolean.toString(settings.tls().checksName()));
    }
    if (host.isSocket() || host.address() != null) {
      source.setSocketFactory(JdbcSocketFactory.class.getName());
      source.setSocketFactoryArg(host.isSocket() ? host.socketFile() : host.address());
    }
    return source;
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static void requireWritable(Connection connection, PostgresHost host)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(PostgresSettings.IS_WRITABLE)) {
      result.next();
      if (result.getBoolean(1)) {
        return;
      }
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
    connection.close();
    // As 57P03, because a standby may be promoted soon.
    throw new SQLException("Postgres at " + host + " is read-only: a standby?", "57P03");
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is part of the settings");
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("the timeout is part of the settings");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
