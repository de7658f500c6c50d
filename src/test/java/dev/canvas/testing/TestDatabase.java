package dev.canvas.testing;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A Postgres database of one test class, which is dropped when it is closed. */
public final class TestDatabase implements AutoCloseable {

  private final String serverUri;
  private final String name = "canvas_" + UUID.randomUUID().toString().replace('-', '_');

  /** Creates a database in the server with this URI. */
  public TestDatabase(String serverUri) {
    this.serverUri = serverUri;
    execute(serverUri, "create database " + name);
  }

  /** The URI of the database: {@code postgresql://…}. */
  public String uri() {
    return serverUri.replaceFirst("/[^/]*$", "/" + name);
  }

  /** Runs SQL statements. */
  public void execute(String sql) {
    execute(uri(), sql);
  }

  /** Runs a query and returns the first column of the first row; null if there is no row. */
  public String query(String sql) {
    try (Connection connection = connect(uri());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  /** Copies the database as it is now. Nobody is connected meanwhile. */
  public void copy() {
    dropCopy();
    disconnect();
    execute(serverUri, "create database " + name + "_copy template " + name);
    execute(serverUri, "alter database " + name + " allow_connections true");
  }

  /** Puts the copy in the place of the database, which is lost. */
  public void restoreCopy() {
    disconnect();
    execute(serverUri, "alter database " + name + " rename to " + name + "_lost");
    execute(serverUri, "alter database " + name + "_copy rename to " + name);
    execute(serverUri, "drop database " + name + "_lost with (force)");
  }

  private void disconnect() {
    execute(serverUri, "alter database " + name + " allow_connections false");
    execute(
        serverUri,
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '%s'"
            .formatted(name));
  }

  private void dropCopy() {
    execute(serverUri, "drop database if exists " + name + "_copy with (force)");
  }

  @Override
  public void close() {
    dropCopy();
    execute(serverUri, "drop database if exists " + name + " with (force)");
  }

  private static void execute(String uri, String sql) {
    try (Connection connection = connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  /** A data source for further connections. */
  public DataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    URI parts = URI.create(uri());
    String[] user = parts.getUserInfo().split(":", 2);
    source.setServerNames(new String[] {parts.getHost()});
    source.setPortNumbers(new int[] {parts.getPort()});
    source.setDatabaseName(name);
    source.setUser(user[0]);
    source.setPassword(user.length == 2 ? user[1] : null);
    return source;
  }

  private static Connection connect(String uri) throws SQLException {
    String authority = uri.substring("postgresql://".length());
    int at = authority.indexOf('@');
    String[] user = authority.substring(0, at).split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + authority.substring(at + 1),
        user[0],
        user.length == 2 ? user[1] : null);
  }
}
