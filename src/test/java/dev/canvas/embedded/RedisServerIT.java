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
    return RedisServer.start(data, TestServers.BINARIES, port, progress::add);
  }

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    assertEquals(List.of(), TestServers.running(data));
  }

  @Test
  void itIsABoundedCacheForThisMachineOnly() throws Exception {
    try (RedisServer server = start(0)) {
      assertEquals("127.0.0.1", RedisConversation.config(server, "bind"));
      assertEquals("yes", RedisConversation.config(server, "protected-mode"));
      assertEquals("", RedisConversation.config(server, "save"));
      assertEquals("no", RedisConversation.config(server, "appendonly"));
      assertEquals(Integer.toString(256 << 20), RedisConversation.config(server, "maxmemory"));
      assertEquals("allkeys-lru", RedisConversation.config(server, "maxmemory-policy"));
      assertEquals(
          Long.toString(server.pid()), Files.readString(data.resolve("redis/redis.pid")).strip());
    }
  }

  @Test
  void afterAKillItStartsAgainEmptyOnItsPort() throws Exception {
    try (RedisServer server = start(0)) {
      int port = server.port();
      long pid = server.pid();
      RedisConversation.ask(server, "SET word here");
      server.kill();
      assertFalse(server.isRunning());

      server.restart();
      assertEquals(port, server.port());
      assertTrue(server.pid() != pid);
      assertEquals(List.of("+PONG"), RedisConversation.ask(server, "PING"));
      assertEquals(List.of(":0"), RedisConversation.ask(server, "DBSIZE"));
    }
  }

  @Test
  void aPidFileThatNamesAnotherProgramHarmsNobody() throws Exception {
    start(0).close();
    Process innocent = new ProcessBuilder("sh", "-c", "read line").start();
    try {
      Files.writeString(data.resolve("redis/redis.pid"), innocent.pid() + "\n");
      start(0).close();
      assertTrue(innocent.isAlive());
    } finally {
      innocent.destroyForcibly().waitFor();
    }
  }

  @Test
  void aTakenPortIsSaidPlainly() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LoopbackPort.address())) {
      int port = taken.getLocalPort();
      EmbeddedServersException refusal =
          assertThrows(EmbeddedServersException.class, () -> start(port));
      assertEquals(
          "Redis cannot listen on 127.0.0.1:%d: another program has that port;".formatted(port)
              + " stop it or choose another",
          refusal.getMessage());
    }
  }
}
