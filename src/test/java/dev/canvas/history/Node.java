package dev.canvas.history;

import dev.canvas.app.CanvasProcess;
import dev.canvas.testing.ProcessSignals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the service that can be killed, frozen and restarted. Thread-safe. */
final class Node implements AutoCloseable {

  /** Long enough for a machine on which dozens of programs wait. */
  private static final Duration START = Duration.ofMinutes(5);

  private static final String LOOPBACK = "127.0.0.1";

  private static final Pattern PORT = Pattern.compile("serves on http://[\\d.]+:(\\d+) ");

  private final String name;
  private final Optional<Host> host;
  private final Map<String, String> environment;
  private CanvasProcess process;
  private volatile int port;

  /**
   * Starts the process on this machine; returns when it serves requests.
   *
   * @param name in the names of its faults
   */
  Node(String name, Map<String, String> environment) {
    this(name, Optional.empty(), environment);
  }

  /**
   * Starts the process; returns when it serves requests.
   *
   * @param name in the names of its faults
   * @param host the machine that it runs on, if it is another one
   */
  Node(String name, Optional<Host> host, Map<String, String> environment) {
    this.name = name;
    this.host = host;
    this.environment = environment;
    start();
  }

  String name() {
    return name;
  }

  /** The machine that it runs on, if it is another one. */
  Optional<Host> host() {
    return host;
  }

  /** The address that it serves clients on. */
  String address() {
    return host.map(Host::address).orElse(LOOPBACK);
  }

  /** The port that it serves clients on, or did when it last ran; 0 if it has no clients. */
  int port() {
    return port;
  }

  synchronized void start() {
    process = new CanvasProcess(host.map(Host::launcher).orElse(List.of()), environment, "serve");
    process.awaitLine("management on http://", START);
    Matcher line = PORT.matcher(process.output());
    port = line.find() ? Integer.parseInt(line.group(1)) : 0;
  }

  /** Sends SIGKILL; returns when the process has ended. */
  synchronized void kill() {
    process.kill();
    process.exitCode(Duration.ofSeconds(15));
  }

  synchronized void freeze() {
    ProcessSignals.freeze(process.pid());
  }

  synchronized void thaw() {
    ProcessSignals.thaw(process.pid());
  }

  /** The output since its last start. */
  synchronized String output() {
    return process.output();
  }

  @Override
  public synchronized void close() {
    process.close();
  }
}
