package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServersIT {

  /** Shared, because creating a database takes seconds. Every test leaves it intact. */
  @TempDir static Path shared;

  @TempDir Path fresh;
  private final List<String> progress = new ArrayList<>();

  private EmbeddedServers start(Path directory) {
    progress.clear();
    return EmbeddedServers.start(directory, RunningServers.BINARIES, progress::add);
  }

  private EmbeddedServers start() {
    return start(shared);
  }

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    assertEquals(List.of(), RunningServers.running(shared));
    assertEquals(List.of(), RunningServers.running(fresh));
  }

  @Test
  void bothServersAnswerAndDataSurviveAStop() throws Exception {
    Path data = fresh.resolve("a site's data");
    try (EmbeddedServers servers = start(data)) {
      assertEquals(List.of("+PONG"), RedisClient.send(servers.redis(), "PING"));
      RunningServers.sql(servers.postgres(), "CREATE TABLE kept AS SELECT 'here' AS word");
      assertTrue(
          servers
              .postgresUri()
              .matches("postgresql://postgres:\\w{48}@127\\.0\\.0\\.1:\\d+/canvas"));
      assertTrue(servers.redisUri().matches("redis://:\\w{48}@127\\.0\\.0\\.1:\\d+"));
      assertTrue(progress.contains("creating the database (once)"), progress::toString);
    }
    try (EmbeddedServers servers = start(data)) {
      assertEquals("here", RunningServers.sql(servers.postgres(), "SELECT word FROM kept"));
      assertEquals(List.of("starting Postgres", "starting Redis"), progress);
    }
    assertEquals(List.of(), RunningServers.running(data));
  }

  @Test
  void otherAccountsOfTheMachineAreKeptOut() throws Exception {
    try (EmbeddedServers servers = start()) {
      for (String wrong : new String[] {null, "", "guess"}) {
        SQLException refused =
            assertThrows(
                SQLException.class,
                () -> RunningServers.sql(servers.postgres(), wrong, "SELECT 1"));
        assertTrue(refused.getMessage().contains("password"), refused.getMessage());
      }
      assertEquals(
          List.of("-NOAUTH Authentication required."),
          RedisClient.sendAsStranger(servers.redis(), "CONFIG GET dir"));
      String password = URI.create(servers.redisUri()).getUserInfo().substring(1);
      assertFalse(
          ProcessHandle.allProcesses()
              .map(process -> String.join(" ", process.info().arguments().orElse(new String[0])))
              .anyMatch(arguments -> arguments.contains(password)));
      for (String secret : List.of("stores.env", "redis/redis.conf", "postgres/canvas_password")) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(shared.resolve(secret))),
            secret);
      }
      assertEquals(
          "CANVAS_POSTGRES_URI=%s\nCANVAS_REDIS_URI=%s\n"
              .formatted(servers.postgresUri(), servers.redisUri()),
          Files.readString(servers.addresses()));
    }
  }

  @Test
  void dataOfAReleaseWithoutPasswordsGoOnWorkingAndAreClosed() throws Exception {
    try (PostgresServer open =
        PostgresServer.start(fresh, RunningServers.BINARIES, 0, progress::add)) {
      RunningServers.sql(open, null, "CREATE TABLE kept AS SELECT 'here' AS word");
    }
    try (EmbeddedServers servers = start(fresh)) {
      assertTrue(progress.contains("setting a password for the database (once)"));
      assertEquals("here", RunningServers.sql(servers.postgres(), "SELECT word FROM kept"));
      assertThrows(
          SQLException.class, () -> RunningServers.sql(servers.postgres(), null, "SELECT 1"));
      servers.postgres().restart();
      assertThrows(
          SQLException.class, () -> RunningServers.sql(servers.postgres(), null, "SELECT 1"));
    }
    // The earlier release, which knows no passwords, still starts it.
    try (PostgresServer open =
        PostgresServer.start(fresh, RunningServers.BINARIES, 0, progress::add)) {
      assertEquals("here", RunningServers.sql(open, null, "SELECT word FROM kept"));
    }
  }

  @Test
  void closingTwiceIsHarmless() throws Exception {
    EmbeddedServers servers = start();
    servers.close();
    servers.close();
    assertFalse(servers.postgres().isRunning());
    assertFalse(servers.redis().isRunning());
  }

  @Test
  void aSecondStartInThisProcessIsRefused() throws Exception {
    try (EmbeddedServers servers = start()) {
      for (int attempt = 0; attempt < 2; attempt++) {
        EmbeddedServersException refusal =
            assertThrows(EmbeddedServersException.class, this::start);
        String pid = Long.toString(ProcessHandle.current().pid());
        assertTrue(refusal.getMessage().contains("in use by process " + pid), refusal::getMessage);
      }
      assertTrue(servers.postgres().isRunning());
      assertTrue(servers.redis().isRunning());
      // The refused starts did not release the lock: another process is refused, too.
      assertThrows(java.io.IOException.class, () -> OwnerProcess.start(shared).close());
    }
  }

  @Test
  void serversOfAnotherProcessAreLeftAloneUntilItIsKilled() throws Exception {
    List<Long> orphans;
    try (OwnerProcess owner = OwnerProcess.start(shared)) {
      EmbeddedServersException refusal = assertThrows(EmbeddedServersException.class, this::start);
      assertTrue(
          refusal.getMessage().contains("in use by process " + owner.pid()), refusal::getMessage);
      orphans = RunningServers.running(shared);
      assertEquals(2, orphans.size());
    }
    assertEquals(orphans, RunningServers.running(shared), "the servers outlive their owner");

    try (EmbeddedServers servers = start()) {
      assertTrue(
          progress.contains(
              "stopping a Postgres left over from an earlier run (process %d)"
                  .formatted(orphans.get(0))));
      assertTrue(
          progress.contains(
              "stopping a Redis left over from an earlier run (process %d)"
                  .formatted(orphans.get(1))));
      assertEquals(
          List.of(servers.postgres().pid(), servers.redis().pid()), RunningServers.running(shared));
      assertEquals("1", RunningServers.sql(servers.postgres(), "SELECT 1"));
    }
  }

  @Test
  void aFirstStartThatWasKilledAtAnyStepIsRepeated() throws Exception {
    for (String step : List.of("creating the database (once)", "starting Postgres")) {
      OwnerProcess.startUntil(step, fresh).close();
    }
    try (EmbeddedServers servers = start(fresh)) {
      assertEquals(
          List.of(servers.postgres().pid(), servers.redis().pid()), RunningServers.running(fresh));
      assertEquals("1", RunningServers.sql(servers.postgres(), "SELECT 1"));
    }
  }

  @Test
  void frozenServersAreKilledInTime() throws Exception {
    EmbeddedServers servers = start();
    for (long pid : List.of(servers.postgres().pid(), servers.redis().pid())) {
      assertEquals(0, new ProcessBuilder("sh", "-c", "kill -STOP " + pid).start().waitFor());
    }
    long begin = System.nanoTime();
    servers.close();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    // On an idle machine it takes less than five seconds; this one may be busy.
    assertTrue(millis < 20_000, () -> millis + " ms");
  }

  @Test
  void anInterruptedStartStopsTheServersItStarted() throws Exception {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread starter =
        new Thread(
            () -> {
              try {
                EmbeddedServers.start(
                    shared,
                    RunningServers.BINARIES,
                    line -> {
                      if (line.equals("starting Redis")) {
                        Thread.currentThread().interrupt();
                      }
                    });
                outcome.complete(null);
              } catch (Throwable e) {
                outcome.complete(e);
              }
            });
    starter.start();
    Throwable thrown = outcome.get(60, TimeUnit.SECONDS);
    assertEquals(EmbeddedServersException.class, thrown == null ? null : thrown.getClass());
    start().close();
  }
}
