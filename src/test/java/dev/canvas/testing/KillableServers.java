package dev.canvas.testing;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.embedded.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A Postgres and a Redis of one test class that can be killed and frozen. They always come from
 * jars, because the test needs their processes.
 */
public final class KillableServers implements AutoCloseable {

  private final PostgresServer postgres =
      PostgresServer.start(TestServers.temporary(), TestServers.BINARIES, 0, line -> {});
  private final RedisServer redis =
      RedisServer.start(TestServers.temporary(), TestServers.BINARIES, 0, line -> {});

  /** Starts another Redis for a test class. It stops with the JVM at the latest. */
  public static RedisServer anotherRedis() {
    RedisServer another =
        RedisServer.start(TestServers.temporary(), TestServers.BINARIES, 0, line -> {});
    TestServers.stopWithTheJvm(another);
    return another;
  }

  /** Starts both servers. They stop with the JVM at the latest. */
  public KillableServers() {
    TestServers.stopWithTheJvm(postgres);
    TestServers.stopWithTheJvm(redis);
  }

  /** The Postgres. */
  public PostgresServer postgres() {
    return postgres;
  }

  /** The Redis. */
  public RedisServer redis() {
    return redis;
  }

  /** Thaws frozen servers and restarts killed ones. */
  public void mend() {
    if (redis.isRunning()) {
      ProcessSignals.thaw(redis.pid());
    } else {
      redis.restart();
    }
    if (postgres.isRunning()) {
      ProcessSignals.thaw(postgres.pid());
    } else {
      postgres.restart();
    }
  }

  /** Deletes all scripts from Redis. */
  public void flushScripts() {
    redisCommand("SCRIPT FLUSH");
  }

  /** Deletes all products from Redis, as an eviction would. Other keys stay. */
  public void evictProducts() {
    redisCommand(
        "EVAL \"for _, key in ipairs(redis.call('KEYS', 'canvas:*:m:*')) do redis.call('DEL', key)"
            + " end\" 0");
  }

  /** The number of clients connected to Redis, including this one. */
  public int redisClients() {
    String clients = redisCommand("INFO clients");
    return Integer.parseInt(clients.replaceFirst("(?s).*connected_clients:(\\d+).*", "$1"));
  }

  /** Sends Redis a command as a line and returns the raw reply. */
  public String redisCommand(String command) {
    return redisCommand(redis, command);
  }

  /** Sends a Redis a command as a line and returns the raw reply. */
  public static String redisCommand(RedisServer redis, String command) {
    return redisCommand(redis.port(), command);
  }

  /** Sends the Redis on a port a command as a line and returns the raw reply. */
  static String redisCommand(int port, String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      // A Sentinel does not know QUIT.
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (answer.startsWith("-")) {
        throw new IllegalStateException("Redis refused " + command + ": " + answer);
      }
      return answer;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    mend();
    redis.close();
    postgres.close();
  }
}
