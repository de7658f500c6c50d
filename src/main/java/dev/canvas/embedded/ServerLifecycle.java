package dev.canvas.embedded;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server from its start to its end; it may be killed and started again between. Thread-safe.
 */
final class ServerLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(ServerLifecycle.class);

  private final ServerKind kind;
  private final Runnable afterClose;
  private int port;
  private ServerProcess process;
  private boolean closed;

  private ServerLifecycle(ServerKind kind, Runnable afterClose) {
    this.kind = kind;
    this.afterClose = afterClose;
  }

  /** Starts a server on a port, or on a free one when {@code port} is 0. */
  static ServerLifecycle start(
      ServerKind kind, int port, Runnable afterClose, Consumer<String> progress) {
    ServerLifecycle lifecycle = new ServerLifecycle(kind, afterClose);
    lifecycle.launch(port, progress);
    return lifecycle;
  }

  private synchronized void launch(int wanted, Consumer<String> progress) {
    kind.stopOrphans(progress);
    progress.accept("starting " + kind.name());
    LoopbackPort.launch(
        wanted,
        chosen -> {
          process = kind.launch(chosen);
          port = chosen;
        });
  }

  synchronized int port() {
    return port;
  }

  synchronized long pid() {
    return process.pid();
  }

  synchronized boolean isRunning() {
    return process.isAlive();
  }

  synchronized void kill() {
    process.kill();
  }

  synchronized void restart() {
    if (closed) {
      throw new IllegalStateException(kind.name() + " was closed");
    }
    stop();
    launch(port, line -> LOG.debug("{}", line));
  }

  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    afterClose.run();
  }

  private void stop() {
    if (process.isAlive() && !process.stop(kind.stopSignal(), kind.stopGrace())) {
      LOG.warn(
          "{} did not stop within {} ms and was killed", kind.name(), kind.stopGrace().toMillis());
    }
  }
}
