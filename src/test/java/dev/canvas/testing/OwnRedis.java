package dev.canvas.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * The installed {@code redis-server}, as its package configures it: with TLS, which the one from
 * the jars lacks, as a Sentinel, or as a cluster. Stops with the JVM at the latest.
 */
public final class OwnRedis implements AutoCloseable {

  private final Process process;
  private final int port;

  private OwnRedis(Process process, int port) {
    this.process = process;
    this.port = port;
    TestServers.stopWithTheJvm(process::destroyForcibly);
  }

  /**
   * Starts a server on a free port and waits until it accepts connections.
   *
   * @param portName {@code port} or {@code tls-port}
   * @param settings lines of its configuration
   */
  public static OwnRedis start(Path directory, String portName, String... settings)
      throws IOException {
    return start(directory, List.of(), portName, settings);
  }

  /** Starts a Sentinel. */
  public static OwnRedis startSentinel(Path directory, String... settings) throws IOException {
    return start(directory, List.of("--sentinel"), "port", settings);
  }

  private static OwnRedis start(
      Path directory, List<String> arguments, String portName, String... settings)
      throws IOException {
    int port = FreePorts.one();
    Files.createDirectories(directory);
    List<String> lines = new ArrayList<>(List.of(settings));
    lines.add("bind 127.0.0.1");
    lines.add(portName + " " + port);
    lines.add("dir " + directory);
    if (portName.equals("tls-port")) {
      lines.add("port 0");
    }
    Path file = Files.write(directory.resolve("redis-" + port + ".conf"), lines);
    List<String> command = new ArrayList<>(List.of("redis-server", file.toString()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis-" + port + ".log").toFile())
            .start();
    OwnRedis server = new OwnRedis(process, port);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    "redis-server has ended: "
                        + Files.readString(directory.resolve("redis-" + port + ".log")));
              }
              return server.accepts();
            });
    return server;
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Sends a command as a line and returns the raw reply. */
  String command(String command) {
    return KillableServers.redisCommand(port, command);
  }

  /** Kills the server with SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private boolean accepts() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
