package dev.canvas.history;

import dev.canvas.app.CanvasProcess;
import dev.canvas.testing.ProcessSignals;
import java.time.Duration;
import java.util.Map;

/** A process of the service that can be killed, frozen and restarted. Thread-safe. */
final class Node implements AutoCloseable {

  private final String name;
  private final Map<String, String> environment;
  private CanvasProcess process;
  private volatile int port;

  /**
   * Starts the process; returns when it serves requests.
   *
   * @param name in the names of its faults
   */
  Node(String name, Map<String, String> environment) {
    this.name = name;
    this.environment = environment;
    start();
  }

  String name() {
    return name;
  }

  /** The port that it serves on, or did when it last ran. */
  int port() {
    return port;
  }

  synchronized void start() {
    process = new CanvasProcess(environment, "serve");
    port = Integer.parseInt(process.awaitLine("serves on http://127\\.0\\.0\\.1:(\\d+)"));
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
