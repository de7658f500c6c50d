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

class RedisServerIT {

  @TempDir Path data;
  private final List<String> progress = new ArrayList<>();

  private RedisServer start(int port) {
    return RedisServer.start(data, RunningServers.BINARIES, port, progress::add);
  }

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    assertEquals(List.of(), RunningServers.running(data));
  }

  @Test
  void itIsABoundedCacheForThisMachineOnly() throws Exception {
    try (RedisServer server = start(0)) {
      assertEquals("127.0.0.1", RedisClient.config(server, "bind"));
      assertEquals("yes", RedisClient.config(server, "protected-mode"));
      assertEquals("", RedisClient.config(server, "save"));
      assertEquals("no", RedisClient.config(server, "appendonly"));
      assertEquals(Integer.toString(256 << 20), RedisClient.config(server, "maxmemory"));
      assertEquals("allkeys-lru", RedisClient.config(server, "maxmemory-policy"));
      assertEquals(
          Long.toString(server.pid()), Files.readString(data.resolve("redis/redis.pid")).strip());
    }
  }

  @Test
  void afterAKillItRestartsEmptyOnItsPort() throws Exception {
    try (RedisServer server = start(0)) {
      int port = server.port();
      long pid = server.pid();
      RedisClient.send(server, "SET word here");
      server.kill();
      assertFalse(server.isRunning());

      server.restart();
      assertEquals(port, server.port());
      assertTrue(server.pid() != pid);
      assertEquals(List.of("+PONG"), RedisClient.send(server, "PING"));
      assertEquals(List.of(":0"), RedisClient.send(server, "DBSIZE"));
    }
  }

  @Test
  void aProcessNamedByAStalePidFileIsLeftAlone() throws Exception {
    start(0).close();
    Process bystander = new ProcessBuilder("sh", "-c", "read line").start();
    try {
      Files.writeString(data.resolve("redis/redis.pid"), bystander.pid() + "\n");
      start(0).close();
      assertTrue(bystander.isAlive());
    } finally {
      bystander.destroyForcibly().waitFor();
    }
  }

  @Test
  void aTakenPortIsReported() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LoopbackPort.address())) {
      int port = taken.getLocalPort();
      EmbeddedServersException refusal =
          assertThrows(EmbeddedServersException.class, () -> start(port));
      assertEquals(
          "Redis cannot listen on 127.0.0.1:%d: another program uses that port;".formatted(port)
              + " stop it or choose another port",
          refusal.getMessage());
    }
  }
}
