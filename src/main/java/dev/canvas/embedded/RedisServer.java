package dev.canvas.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real Redis 7 on 127.0.0.1, configured as a cache: it writes nothing to disk and evicts the
 * least recently used keys beyond 256 MB, so it is empty after {@link #restart()}. That of {@link
 * EmbeddedServers} asks for a password; one that is started alone does not. Its process id is in
 * {@code redis/redis.pid} of the data directory, its log in {@code logs/redis.log}. {@link
 * #close()} takes at most 1 s. Thread-safe; all methods block.
 */
public final class RedisServer extends LoopbackServer {

  private static final Set<String> PROGRAMS = Set.of("redis-server");

  private static final String NAME = "Redis";
  private static final String STOP_SIGNAL = "TERM";

  /** There is nothing to save. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(1);

  private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
  private static final int PING_TIMEOUT_MILLIS = 500;
  private static final long POLL_MILLIS = 5;

  private final Path directory;

  /** Null if it serves everybody who can reach its port. */
  private final ServerPassword password;

  private final Path pidFile;
  private final Path program;
  private final ServerLog serverLog;

  private RedisServer(
      DataDirectory data, Path program, ServerPassword password, Runnable afterClose) {
    super(NAME, STOP_SIGNAL, STOP_GRACE, afterClose);
    this.directory = data.of("redis");
    this.password = password;
    this.pidFile = directory.resolve("redis.pid");
    this.program = program;
    this.serverLog = data.log("redis");
  }

  /**
   * Starts a Redis without a Postgres and without a password, for tests; {@link EmbeddedServers}
   * starts both.
   *
   * @param dataDirectory held by this process until {@link #close()}
   * @param binaries where the program is unpacked, once; can be shared
   * @param port 1 to 65535, or 0 for a free one
   * @param progress receives short lines for a terminal
   * @throws EmbeddedServersException if it cannot start; nothing is left running
   */
  public static RedisServer start(
      Path dataDirectory, Path binaries, int port, Consumer<String> progress) {
    DataDirectory data = DataDirectory.claim(dataDirectory);
    try {
      return start(data, new Binaries(binaries), null, port, data::close, progress);
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  /**
   * Starts it in a data directory that this process holds.
   *
   * @param password null for none
   * @param afterClose runs when it is closed
   */
  static RedisServer start(
      DataDirectory data,
      Binaries binaries,
      ServerPassword password,
      int port,
      Runnable afterClose,
      Consumer<String> progress) {
    RedisServer server = new RedisServer(data, binaries.redis(progress), password, afterClose);
    server.start(port, progress);
    return server;
  }

  /** {@code redis://:PASSWORD@127.0.0.1:PORT}. */
  public String uri() {
    return "redis://%s127.0.0.1:%d"
        .formatted(password == null ? "" : ":" + password.text() + "@", port());
  }

  @Override
  ServerLog log() {
    return serverLog;
  }

  @Override
  void stopOrphans(Consumer<String> progress) {
    for (ServerProcess orphan : ServerProcess.runningIn(directory, PROGRAMS)) {
      progress.accept(
          "stopping a Redis left over from an earlier run (process %d)".formatted(orphan.pid()));
      orphan.stop(STOP_SIGNAL, STOP_GRACE);
    }
  }

  /** Kills every Redis that runs in a data directory. */
  static void killAll(DataDirectory data) {
    killAll(data.of("redis"));
  }

  private static void killAll(Path directory) {
    ServerProcess.runningIn(directory, PROGRAMS).forEach(ServerProcess::kill);
  }

  @Override
  ServerProcess launch(int chosenPort) {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(pidFile);
      // Arguments can be read by every account of the machine.
      DurableFiles.writePrivate(
          configuration(), password == null ? "" : "requirepass " + password.text() + "\n");
      serverLog.begin();
      if (daemon(chosenPort).run(directory, serverLog) != 0) {
        throw failure(chosenPort);
      }
      return awaitReady(chosenPort);
    } catch (IOException e) {
      killAll(directory);
      throw EmbeddedServersException.failed("starting Redis", directory, e);
    } catch (InterruptedException e) {
      killAll(directory);
      throw EmbeddedServersException.interrupted("starting Redis", e);
    } catch (RuntimeException e) {
      killAll(directory);
      throw e;
    }
  }

  /** A daemon has a session of its own, so that Ctrl-C in a terminal does not stop it. */
  private Program daemon(int port) {
    return new Program(
        List.of(
            program.toString(),
            configuration().toString(),
            "--port " + port,
            "--bind 127.0.0.1",
            "--protected-mode yes",
            "--daemonize yes",
            "--dir",
            directory.toString(),
            "--pidfile",
            pidFile.toString(),
            "--logfile",
            serverLog.file().toString(),
            "--set-proc-title no", // Keeps its arguments, by which ServerProcess finds it.
            "--save",
            "",
            "--appendonly no",
            "--maxmemory 256mb",
            "--maxmemory-policy allkeys-lru"));
  }

  private Path configuration() {
    return directory.resolve("redis.conf");
  }

  private ServerProcess awaitReady(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() - deadline < 0) {
      Optional<ServerProcess> listening = listening();
      if (listening.isPresent() && answersPing(port)) {
        return listening.get();
      }
      if (listening.isEmpty() && ServerProcess.runningIn(directory, PROGRAMS).isEmpty()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    throw failure(port);
  }

  /**
   * The server once it listens: it writes its process id then, so a reply on the port is its own.
   */
  private Optional<ServerProcess> listening() throws IOException {
    String pid = Files.exists(pidFile) ? Files.readString(pidFile) : "";
    return pid.endsWith("\n")
        ? ProcessHandle.of(Long.parseLong(pid.strip())).map(ServerProcess::new)
        : Optional.empty();
  }

  private boolean answersPing(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LoopbackPort.address(), port), PING_TIMEOUT_MILLIS);
      socket.setSoTimeout(PING_TIMEOUT_MILLIS);
      String login = password == null ? "" : "AUTH " + password.text() + "\r\n";
      String expected = (password == null ? "" : "+OK\r\n") + "+PONG\r\n";
      socket.getOutputStream().write((login + "PING\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(expected.length());
      return new String(answer, StandardCharsets.US_ASCII).equals(expected);
    } catch (IOException e) {
      return false;
    }
  }

  private EmbeddedServersException failure(int port) {
    if (serverLog.reportsTakenPort()) {
      return new LoopbackPort.TakenException(NAME, port);
    }
    String end = String.join(" | ", serverLog.lastLines(3));
    return EmbeddedServersException.failed(
        "starting Redis",
        directory,
        "it does not answer on port %d; %s ends with: %s".formatted(port, serverLog.file(), end),
        null);
  }
}
