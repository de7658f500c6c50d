package dev.canvas.history;

import dev.canvas.app.CanvasProcess;
import dev.canvas.testing.ProcessSignals;
import java.time.Duration;
import java.util.Map;

/** A process of the service that may be killed and started again. Thread-safe. */
final class Node implements AutoCloseable {

  private final Map<String, String> environment;
  private CanvasProcess process;
  private volatile int port;

  /** Starts it, and returns when it serves. */
  Node(Map<String, String> environment) {
    this.environment = environment;
    start();
  }

  /** Where it serves, or did when it last ran. */
  int port() {
    return port;
  }

  synchronized void start() {
    process = new CanvasProcess(environment, "serve");
    port = Integer.parseInt(process.awaitLine("serves on http://127\\.0\\.0\\.1:(\\d+)"));
  }

  /** SIGKILL; gone on return. */
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

  /** What it has printed since its last start. */
  synchronized String output() {
    return process.output();
  }

  @Override
  public synchronized void close() {
    process.close();
  }
}
