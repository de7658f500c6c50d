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

/**
 * A real Postgres 18 on 127.0.0.1, with a database {@code canvas} and a superuser {@code postgres}.
 * That of {@link EmbeddedServers} asks for a password; one that is started alone does not.
 * Acknowledged commits are on disk. Its data are in {@code postgres} of the data directory, its log
 * in {@code logs/postgres.log}. {@link #close()} takes at most 3 s. Thread-safe; all methods block.
 */
public final class PostgresServer extends LoopbackServer {

  private static final String NAME = "Postgres";

  /** A fast shutdown: SIGTERM would wait for clients to disconnect. */
  private static final String STOP_SIGNAL = "INT";

  /** Time for a checkpoint. If that takes longer, the next start replays the log instead. */
  private static final Duration STOP_GRACE = Duration.ofMillis(2500);

  /** Replaying the log after a crash can take long. */
  private static final int START_SECONDS = 120;

  /** What {@code postgresql.conf} must not change: who can connect, and durability. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on");

  /** SQLSTATE invalid_catalog_name: the database does not exist. */
  private static final String NO_SUCH_DATABASE = "3D000";

  private final PostgresCluster cluster;

  /** Null if it lets everybody in who can reach its port. */
  private final ServerPassword password;

  private final Path installation;
  private final ServerLog serverLog;
  private final ServerLog startLog;

  private PostgresServer(
      DataDirectory data,
      PostgresCluster cluster,
      ServerPassword password,
      Path installation,
      Runnable afterClose) {
    super(NAME, STOP_SIGNAL, STOP_GRACE, afterClose);
    this.cluster = cluster;
    this.password = password;
    this.installation = installation;
    this.serverLog = data.log("postgres");
    this.startLog = data.log("pg_ctl");
  }

  /**
   * Starts a Postgres without a Redis and without a password, for tests; {@link EmbeddedServers}
   * starts both. Creates the directory and the database if they do not exist.
   *
   * @param dataDirectory held by this process until {@link #close()}
   * @param binaries where the programs are unpacked, once; can be shared
   * @param port 1 to 65535, or 0 for a free one
   * @param progress receives short lines for a terminal
   * @throws EmbeddedServersException if it cannot start; nothing is left running
   */
  public static PostgresServer start(
      Path dataDirectory, Path binaries, int port, Consumer<String> progress) {
    DataDirectory data = DataDirectory.claim(dataDirectory);
    try {
      return start(data, new Binaries(binaries), false, port, data::close, progress);
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  /**
   * Starts it in a data directory that this process holds.
   *
   * @param closed whether a login needs a password
   * @param afterClose runs when it is closed
   */
  static PostgresServer start(
      DataDirectory data,
      Binaries binaries,
      boolean closed,
      int port,
      Runnable afterClose,
      Consumer<String> progress) {
    Path installation = binaries.postgres(progress);
    PostgresCluster cluster = new PostgresCluster(data);
    cluster.initialise(installation, progress);
    cluster.stopOrphans(progress);
    ServerPassword password = closed ? cluster.password(installation, progress) : null;
    PostgresServer server = new PostgresServer(data, cluster, password, installation, afterClose);
    server.start(port, progress);
    return server;
  }

  /** {@code postgresql://postgres:PASSWORD@127.0.0.1:PORT/canvas}. */
  public String uri() {
    return "postgresql://postgres%s@127.0.0.1:%d/canvas"
        .formatted(password == null ? "" : ":" + password.text(), port());
  }

  @Override
  ServerLog log() {
    return serverLog;
  }

  @Override
  void stopOrphans(Consumer<String> progress) {
    cluster.stopOrphans(progress);
  }

  @Override
  ServerProcess launch(int chosenPort) {
    try {
      serverLog.begin();
      startLog.begin();
      if (pgCtl(chosenPort).run(cluster.directory(), startLog) != 0) {
        throw failure(chosenPort);
      }
      ServerProcess postmaster = cluster.postmaster();
      createDatabase(chosenPort);
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
   * pg_ctl starts the server in a session of its own, so that Ctrl-C in a terminal does not stop
   * it.
   */
  private Program pgCtl(int port) {
    return Program.postgres(
        installation.resolve("bin/pg_ctl"),
        "start",
        "--wait",
        "--timeout=" + START_SECONDS,
        "--pgdata=" + cluster.directory(),
        "--log=" + serverLog.file(),
        "--options=-p %d -c %s%s"
            .formatted(
                port,
                String.join(" -c ", SETTINGS),
                password == null ? "" : " -c " + cluster.closed()));
  }

  private EmbeddedServersException failure(int port) {
    if (serverLog.reportsTakenPort()) {
      return new LoopbackPort.TakenException(NAME, port);
    }
    ServerLog log = serverLog.text().isBlank() ? startLog : serverLog;
    return EmbeddedServersException.failed(
        "starting Postgres", cluster.directory(), log.lastError(), null);
  }

  private void createDatabase(int port) throws SQLException {
    try {
      connect(port, "canvas").close();
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
      try (Connection connection = connect(port, "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE canvas");
      }
    }
  }

  private Connection connect(int port, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable&gssEncMode=disable&connectTimeout=5&socketTimeout=30"
            .formatted(port, database),
        "postgres",
        password == null ? null : password.text());
  }
}
