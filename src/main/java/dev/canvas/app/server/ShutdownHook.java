package dev.canvas.app.server;

import dev.canvas.app.config.StartFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a command has started, in reverse order, on SIGTERM, on Ctrl-C, or when the start
 * fails. Created, filled and awaited by one thread; closed by any.
 */
public final class ShutdownHook implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);

  /** How long an interrupted start may take to clean up. */
  private static final int INTERRUPTED_START_SECONDS = 4;

  private final Thread starter = Thread.currentThread();
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean starting = true;
  private volatile boolean interrupted;

  public ShutdownHook() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "canvas-shutdown"));
  }

  /** Adds a resource, which is closed before those added earlier. */
  public synchronized <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /**
   * Marks the start as complete and blocks until the JVM shuts down or the thread is interrupted.
   */
  public void await() {
    synchronized (this) {
      starting = false;
    }
    try {
      closed.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What a failure of the start is to the operator: nothing but the signal, if that has interrupted
   * the start.
   */
  public RuntimeException explained(RuntimeException failure) {
    return interrupted ? new StartFailure("Stopped before the start was over", failure) : failure;
  }

  @Override
  public synchronized void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception failure) {
        LOG.warn("A resource could not be closed; the shutdown continues", failure);
      }
    }
    closed.countDown();
  }

  /** Only the starting thread knows what it has half started, so it is interrupted to clean up. */
  private void onShutdown() {
    if (isStarting()) {
      interrupted = true;
      starter.interrupt();
      try {
        if (!closed.await(INTERRUPTED_START_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn(
              "The start did not stop within {} s; the next start cleans up what is left",
              INTERRUPTED_START_SECONDS);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    close();
  }

  private synchronized boolean isStarting() {
    return starting;
  }
}
