package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** How Postgres is started and stopped. */
final class PostgresKind implements ServerKind {

  /** Replaying the log after a crash can take long; seconds. */
  private static final int START_SECONDS = 120;

  /** What a {@code postgresql.conf} must not change: who can connect, and durability. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on");

  private static final String DATABASE_ABSENT = "3D000";

  private final PostgresCluster cluster;
  private final Path installation;
  private final ServerLog serverLog;
  private final ServerLog startLog;

  PostgresKind(DataDirectory data, PostgresCluster cluster, Path installation) {
    this.cluster = cluster;
    this.installation = installation;
    this.serverLog = data.log("postgres");
    this.startLog = data.log("pg_ctl");
  }

  @Override
  public String name() {
    return "Postgres";
  }

  /** A fast shutdown; TERM would wait for the clients to leave. */
  @Override
  public String stopSignal() {
    return "INT";
  }

  /** It writes a checkpoint; when that takes longer, the next start replays the log instead. */
  @Override
  public Duration stopGrace() {
    return Duration.ofMillis(2500);
  }

  @Override
  public void stopOrphans(Consumer<String> progress) {
    cluster.stopOrphans(progress);
  }

  @Override
  public ServerProcess launch(int port) {
    try {
      serverLog.begin();
      startLog.begin();
      if (pgCtl(port).run(cluster.directory(), startLog) != 0) {
        throw failure(port);
      }
      ServerProcess postmaster = cluster.postmaster();
      createDatabase(port);
      return postmaster;
    } catch (IOException | SQLException e) {
      cluster.killAll();
      throw EmbeddedServersException.failed("starting Postgres", cluster.directory(), e);
    } catch (InterruptedException e) {
      cluster.killAll();
      throw EmbeddedServersException.interrupted("starting Postgres", e);
    } catch (RuntimeException e) {
      cluster.killAll();
      throw e;
    }
  }

  /**
   * pg_ctl gives the server a session of its own, so that Ctrl-C in a terminal does not stop it.
   */
  private Command pgCtl(int port) {
    return Command.postgres(
        installation.resolve("bin/pg_ctl"),
        "start",
        "--wait",
        "--timeout=" + START_SECONDS,
        "--pgdata=" + cluster.directory(),
        "--log=" + serverLog.file(),
        "--options=-p " + port + " -c " + String.join(" -c ", SETTINGS));
  }

  private EmbeddedServersException failure(int port) {
    if (serverLog.tellsOfTakenPort()) {
      return new PortTakenException(name(), port);
    }
    ServerLog told = serverLog.text().isBlank() ? startLog : serverLog;
    return EmbeddedServersException.failed(
        "starting Postgres", cluster.directory(), told.lastTrouble(), null);
  }

  private static void createDatabase(int port) throws SQLException {
    try {
      connect(port, "canvas").close();
    } catch (SQLException e) {
      if (!DATABASE_ABSENT.equals(e.getSQLState())) {
        throw e;
      }
      try (Connection connection = connect(port, "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE canvas");
      }
    }
  }

  private static Connection connect(int port, String database) throws SQLException {
    return DriverManager.getConnection(
        ("jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&sslmode=disable&gssEncMode=disable"
                + "&connectTimeout=5&socketTimeout=30")
            .formatted(port, database));
  }
}
