package dev.canvas.testing;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.embedded.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A Postgres and a Redis of one test class, to be killed and frozen. From jars whatever else there
 * is, as their processes have to be at hand.
 */
public final class KillableServers implements AutoCloseable {

  private final PostgresServer postgres =
      PostgresServer.start(TestServers.temporary(), TestServers.BINARIES, 0, line -> {});
  private final RedisServer redis =
      RedisServer.start(TestServers.temporary(), TestServers.BINARIES, 0, line -> {});

  /** Starts both; they end with the JVM at the latest. */
  public KillableServers() {
    TestServers.endWithTheJvm(postgres);
    TestServers.endWithTheJvm(redis);
  }

  /** The Postgres. */
  public PostgresServer postgres() {
    return postgres;
  }

  /** The Redis. */
  public RedisServer redis() {
    return redis;
  }

  /** Thaws what is frozen, starts what was killed. */
  public void mend() {
    if (redis.isRunning()) {
      Signals.thaw(redis.pid());
    } else {
      redis.restart();
    }
    if (postgres.isRunning()) {
      Signals.thaw(postgres.pid());
    } else {
      postgres.restart();
    }
  }

  /** Makes Redis forget its scripts. */
  public void flushScripts() {
    redisCommand("SCRIPT FLUSH");
  }

  /** Has Redis lose what it has of the products, as an eviction would; the rest stays. */
  public void evictProducts() {
    redisCommand(
        "EVAL \"for _, key in ipairs(redis.call('KEYS', 'canvas:*:m:*')) do redis.call('DEL', key) end\" 0");
  }

  /** How many clients are connected to Redis, with the one that asks. */
  public int redisClients() {
    String clients = redisCommand("INFO clients");
    return Integer.parseInt(clients.replaceFirst("(?s).*connected_clients:(\\d+).*", "$1"));
  }

  /** Sends Redis one command as a line, and reads its answer as it comes on the wire. */
  public String redisCommand(String command) {
    URI uri = URI.create(redis.uri());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
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
