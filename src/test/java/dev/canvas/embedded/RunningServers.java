package dev.canvas.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The unpacked programs that the tests of this package share, and queries of running servers. */
final class RunningServers {

  /** Shared by all tests and by parallel runs, because unpacking takes seconds. */
  static final Path BINARIES = Path.of("target", "embedded-binaries").toAbsolutePath();

  private RunningServers() {}

  /** Runs a statement and returns its only value as text; null if it returns no rows. */
  static String sql(PostgresServer server, String statement) throws SQLException {
    String[] login = URI.create(server.uri()).getUserInfo().split(":", 2);
    return sql(server, login.length == 2 ? login[1] : null, statement);
  }

  /** The same with a password; null for none. */
  static String sql(PostgresServer server, String password, String statement) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:%d/canvas?sslmode=disable".formatted(server.port());
    try (Connection connection = DriverManager.getConnection(url, "postgres", password);
        Statement executed = connection.createStatement()) {
      if (!executed.execute(statement)) {
        return null;
      }
      try (ResultSet rows = executed.getResultSet()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** The process ids of the servers that run in a data directory. */
  static List<Long> running(Path dataDirectory) throws IOException {
    Set<String> programs = Set.of("postgres", "initdb", "redis-server");
    Path root = dataDirectory.toRealPath();
    return Stream.of("postgres", "postgres.new", "redis")
        .flatMap(name -> ServerProcess.runningIn(root.resolve(name), programs).stream())
        .map(ServerProcess::pid)
        .toList();
  }
}
