package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {

  /** Shared, because creating a database takes seconds. Every test leaves it intact. */
  @TempDir static Path data;

  @TempDir Path fresh;
  private final List<String> progress = new ArrayList<>();

  private PostgresServer start(int port) {
    return PostgresServer.start(data, RunningServers.BINARIES, port, progress::add);
  }

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    assertEquals(List.of(), RunningServers.running(data));
  }

  @Test
  void commitsAreDurableAndOnlyThisMachineCanConnect() throws Exception {
    try (PostgresServer server = start(0)) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertEquals("on", RunningServers.sql(server, "SHOW " + setting), setting);
      }
      assertEquals("127.0.0.1", RunningServers.sql(server, "SHOW listen_addresses"));
      assertEquals("", RunningServers.sql(server, "SHOW unix_socket_directories"));
      assertEquals("200", RunningServers.sql(server, "SHOW max_connections"));
      assertEquals("256MB", RunningServers.sql(server, "SHOW shared_buffers"));
      assertEquals("on", RunningServers.sql(server, "SHOW data_checksums"));
      assertEquals(
          Integer.toString(Binaries.POSTGRES_MAJOR),
          RunningServers.sql(server, "SELECT current_setting('server_version_num')::int / 10000"));
    }
  }

  @Test
  void afterAKillItRestartsOnItsPortWithItsData() throws Exception {
    try (PostgresServer server = start(0)) {
      int port = server.port();
      long pid = server.pid();
      RunningServers.sql(server, "CREATE TABLE kept AS SELECT 'here' AS word");
      server.kill();
      assertFalse(server.isRunning());
      assertEquals(List.of(), RunningServers.running(data));

      server.restart();
      assertTrue(server.isRunning());
      assertTrue(server.pid() != pid);
      assertEquals(port, server.port());
      assertEquals("here", RunningServers.sql(server, "SELECT word FROM kept"));
    }
  }

  @Test
  void afterTheLossOfOnlyItsPostmasterItRestarts() throws Exception {
    try (PostgresServer server = start(0)) {
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      server.restart();
      assertEquals(List.of(server.pid()), RunningServers.running(data));
      assertEquals("1", RunningServers.sql(server, "SELECT 1"));
    }
  }

  @Test
  void itCannotBeRestartedOnceClosed() {
    PostgresServer server = start(0);
    server.close();
    assertThrows(IllegalStateException.class, server::restart);
  }

  @Test
  void aProcessNamedByAStalePidFileIsLeftAlone() throws Exception {
    start(0).close();
    Process bystander = new ProcessBuilder("sh", "-c", "read line").start();
    try {
      String lines =
          "%d\n%s/postgres\n1700000000\n5432\n\n127.0.0.1\n".formatted(bystander.pid(), data);
      Files.writeString(data.resolve("postgres/postmaster.pid"), lines);
      start(0).close();
      assertTrue(bystander.isAlive());
    } finally {
      bystander.destroyForcibly().waitFor();
    }
  }

  @Test
  void anInterruptedFirstStartIsRepeated() throws Exception {
    DataDirectory.claim(fresh).close();
    Path interrupted = Files.createDirectories(fresh.resolve("postgres.new/base"));
    Files.writeString(interrupted.resolve("1"), "half");
    PostgresServer.start(fresh, RunningServers.BINARIES, 0, progress::add).close();
    assertFalse(Files.exists(fresh.resolve("postgres.new")));
    assertTrue(progress.contains("creating the database (once)"));
  }

  @Test
  void aDroppedDatabaseIsCreatedAgain() throws Exception {
    try (PostgresServer server = start(0)) {
      String url = "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(server.port());
      try (var connection = java.sql.DriverManager.getConnection(url);
          var statement = connection.createStatement()) {
        statement.execute("DROP DATABASE canvas");
      }
    }
    try (PostgresServer server = start(0)) {
      assertEquals("canvas", RunningServers.sql(server, "SELECT current_database()"));
    }
  }

  @Test
  void aTakenPortIsReported() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LoopbackPort.address())) {
      int port = taken.getLocalPort();
      EmbeddedServersException refusal =
          assertThrows(EmbeddedServersException.class, () -> start(port));
      assertEquals(
          "Postgres cannot listen on 127.0.0.1:%d: another program uses that port;".formatted(port)
              + " stop it or choose another port",
          refusal.getMessage());
    }
    start(0).close();
  }

  @Test
  void aFailedStartQuotesTheServersError() throws Exception {
    start(0).close();
    Path configuration = data.resolve("postgres/postgresql.conf");
    String original = Files.readString(configuration);
    Files.writeString(configuration, original + "\nmax_connections = many\n");
    EmbeddedServersException failure = assertThrows(EmbeddedServersException.class, () -> start(0));
    assertTrue(failure.getMessage().startsWith("starting Postgres failed: "), failure::getMessage);
    assertTrue(failure.getMessage().contains("configuration file"), failure::getMessage);
    assertEquals(1, failure.getMessage().lines().count());

    Files.writeString(configuration, original);
    start(0).close();
  }

  @Test
  void anIncompleteDatabaseIsLeftAlone() throws Exception {
    start(0).close();
    Path version = data.resolve("postgres/PG_VERSION");
    String content = Files.readString(version);
    Files.delete(version);
    EmbeddedServersException refusal = assertThrows(EmbeddedServersException.class, () -> start(0));
    assertTrue(refusal.getMessage().contains("has files but no PG_VERSION"), refusal::getMessage);
    assertTrue(Files.exists(data.resolve("postgres/global/pg_control")));
    Files.writeString(version, content);
  }
}
