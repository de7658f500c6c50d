package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the tests of this package share: unpacked programs, and questions to a running server. */
final class TestServers {

  /** Shared by all tests and by runs side by side, for unpacking takes seconds. */
  static final Path BINARIES = Path.of("target", "embedded-binaries").toAbsolutePath();

  private TestServers() {}

  /** The one value that a statement returns, as text; null when it returns no rows at all. */
  static String sql(PostgresServer server, String statement) throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/canvas?user=postgres&sslmode=disable"
            .formatted(server.port());
    try (Connection connection = DriverManager.getConnection(url);
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

  /** The servers that run in a data directory, as process ids. */
  static List<Long> running(Path dataDirectory) throws IOException {
    Set<String> programs = Set.of("postgres", "initdb", "redis-server");
    Path root = dataDirectory.toRealPath();
    return Stream.of("postgres", "postgres.new", "redis")
        .flatMap(name -> ServerProcess.runningIn(root.resolve(name), programs).stream())
        .map(ServerProcess::pid)
        .toList();
  }
}
