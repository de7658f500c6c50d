package dev.canvas.embedded;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on 127.0.0.1 that this process starts, and that can be killed and restarted until it is
 * closed. Subclasses say how their server is launched and stopped. Thread-safe; all methods block.
 */
abstract class LoopbackServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

  private final String name;
  private final String stopSignal;
  private final Duration stopGrace;
  private final Runnable afterClose;
  private int port;
  private ServerProcess process;
  private boolean closed;

  /**
   * @param name names the server in messages
   * @param stopSignal asks for an orderly shutdown
   * @param stopGrace how long an orderly shutdown may take before the server is killed
   * @param afterClose runs once, after {@link #close()} has stopped the server
   */
  LoopbackServer(String name, String stopSignal, Duration stopGrace, Runnable afterClose) {
    this.name = name;
    this.stopSignal = stopSignal;
    this.stopGrace = stopGrace;
    this.afterClose = afterClose;
  }

  /** Stops servers that still run in the data directory because their owner was killed. */
  abstract void stopOrphans(Consumer<String> progress);

  /**
   * Starts the server and returns when it accepts requests.
   *
   * @throws LoopbackPort.TakenException if another program uses the port
   * @throws EmbeddedServersException if it cannot start; nothing is left running
   */
  abstract ServerProcess launch(int chosenPort);

  /** The log that the server writes. */
  abstract ServerLog log();

  /** Starts the server on a port, or on a free one if that is 0. */
  final synchronized void start(int wantedPort, Consumer<String> progress) {
    stopOrphans(progress);
    progress.accept("starting " + name);
    LoopbackPort.launch(
        wantedPort,
        chosen -> {
          process = launch(chosen);
          port = chosen;
        });
  }

  /** Names the server in messages. */
  final String name() {
    return name;
  }

  /** The TCP port on 127.0.0.1; the same after {@link #restart()}. */
  public synchronized int port() {
    return port;
  }

  /**
   * The process id of the server, whose children may be further processes; changes with {@link
   * #restart()}.
   */
  public synchronized long pid() {
    return process.pid();
  }

  /** Whether the server runs. */
  public synchronized boolean isRunning() {
    return process.isAlive();
  }

  /**
   * Kills the server and its children with SIGKILL, as in a crash. Returns when they have ended.
   */
  public synchronized void kill() {
    process.kill();
  }

  /**
   * Stops the server if it runs, and starts it again on the same directory and port.
   *
   * @throws EmbeddedServersException if it cannot start
   * @throws IllegalStateException after {@link #close()}
   */
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException(name + " has been closed");
    }
    stop();
    start(port, line -> LOG.debug("{}", line));
  }

  /**
   * Starts the server again on the same directory and port if it does not run.
   *
   * @return false after {@link #close()}
   * @throws EmbeddedServersException if it cannot start
   */
  final synchronized boolean startAgain() {
    if (!closed && !process.isAlive()) {
      start(port, line -> LOG.debug("{}", line));
    }
    return !closed;
  }

  /**
   * Stops the server: in order, or with SIGKILL when that takes too long. Does nothing the second
   * time.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    afterClose.run();
  }

  private void stop() {
    if (process.isAlive() && !process.stop(stopSignal, stopGrace)) {
      LOG.warn("{} did not stop within {} ms and was killed", name, stopGrace.toMillis());
    }
  }
}
