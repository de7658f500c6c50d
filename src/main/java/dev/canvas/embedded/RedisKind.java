package dev.canvas.embedded;

import java.io.IOException;
import java.io.InputStream;
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

/** How Redis is started and stopped. */
final class RedisKind implements ServerKind {

  static final Set<String> PROGRAMS = Set.of("redis-server");
  private static final Duration START = Duration.ofSeconds(5);
  private static final int PING_TIMEOUT_MILLIS = 500;
  private static final long POLL_MILLIS = 5;

  private final Path directory;
  private final Path pidFile;
  private final Path program;
  private final ServerLog serverLog;

  RedisKind(DataDirectory data, Path program) {
    this.directory = data.of("redis");
    this.pidFile = directory.resolve("redis.pid");
    this.program = program;
    this.serverLog = data.log("redis");
  }

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public String stopSignal() {
    return "TERM";
  }

  /** It has nothing to save. */
  @Override
  public Duration stopGrace() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void stopOrphans(Consumer<String> progress) {
    for (ServerProcess orphan : ServerProcess.runningIn(directory, PROGRAMS)) {
      progress.accept("stopping a Redis left over here, process " + orphan.pid());
      orphan.stop(stopSignal(), stopGrace());
    }
  }

  @Override
  public ServerProcess launch(int port) {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(pidFile);
      serverLog.begin();
      if (daemon(port).run(directory, serverLog) != 0) {
        throw failure(port);
      }
      return awaitAnswer(port);
    } catch (IOException e) {
      killAll();
      throw EmbeddedServersException.failed("starting Redis", directory, e);
    } catch (InterruptedException e) {
      killAll();
      throw EmbeddedServersException.interrupted("starting Redis", e);
    } catch (RuntimeException e) {
      killAll();
      throw e;
    }
  }

  /** As a daemon it has a session of its own, so that Ctrl-C in a terminal does not stop it. */
  private Command daemon(int port) {
    return new Command(
        List.of(
            program.toString(),
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
            "--set-proc-title no", // Its arguments tell the directory that it serves.
            "--save",
            "",
            "--appendonly no",
            "--maxmemory 256mb",
            "--maxmemory-policy allkeys-lru"));
  }

  private ServerProcess awaitAnswer(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
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

  /** It writes its process id once it listens: so an answer is this server's and no other's. */
  private Optional<ServerProcess> listening() throws IOException {
    String pid = Files.exists(pidFile) ? Files.readString(pidFile) : "";
    return pid.endsWith("\n")
        ? ProcessHandle.of(Long.parseLong(pid.strip())).map(ServerProcess::new)
        : Optional.empty();
  }

  private static boolean answersPing(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LoopbackPort.address(), port), PING_TIMEOUT_MILLIS);
      socket.setSoTimeout(PING_TIMEOUT_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(7), StandardCharsets.US_ASCII).equals("+PONG\r\n");
    } catch (IOException e) {
      return false;
    }
  }

  private EmbeddedServersException failure(int port) {
    if (serverLog.tellsOfTakenPort()) {
      return new PortTakenException(name(), port);
    }
    String told = String.join(" | ", serverLog.lastLines(3));
    return EmbeddedServersException.failed(
        "starting Redis",
        directory,
        "it does not answer on port %d; the end of %s: %s".formatted(port, serverLog.file(), told),
        null);
  }

  private void killAll() {
    ServerProcess.runningIn(directory, PROGRAMS).forEach(ServerProcess::kill);
  }
}
