package dev.canvas.app.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command has started, ended in reverse order on SIGTERM, on Ctrl-C, or when the start
 * fails. Made, filled and awaited by one thread; ended by any.
 */
public final class Lifetime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

  /** How long a start that is interrupted may take to take back what it has done so far. */
  private static final int INTERRUPTED_START_SECONDS = 4;

  private final Thread owner = Thread.currentThread();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean starting = true;

  public Lifetime() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "canvas-shutdown"));
  }

  /** Adds something to end. */
  public synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Waits for the end, which the JVM's own begins; or returns at once when interrupted. */
  public void await() {
    synchronized (this) {
      starting = false;
    }
    try {
      ended.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failure) {
        LOG.warn("Something did not end well", failure);
      }
    }
    ended.countDown();
  }

  /** Only the starting thread knows what it is just starting, so it is told to give up itself. */
  private void stop() {
    if (isStarting()) {
      owner.interrupt();
      try {
        if (!ended.await(INTERRUPTED_START_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("The start could not be interrupted; the next one mends what is left of it");
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
