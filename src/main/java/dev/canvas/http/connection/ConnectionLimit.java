package dev.canvas.http.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of all HTTP verticles of a process, so that file descriptors are left for
 * the connections to the stores. Also counts the connections that the service cuts. Thread-safe.
 */
public final class ConnectionLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  /** Why a connection was cut; in lower case the tag {@code reason} of the metric. */
  enum Cut {
    /** The limit was reached. */
    FULL,
    /** The client took too long to send a request. */
    SLOW,
    /** The client pipelined too many requests. */
    AHEAD
  }

  private final int max;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);

  /**
   * @param max the maximum number of open connections, from 1
   * @param registry gets {@code canvas.connections.cut}, by reason
   */
  public ConnectionLimit(int max, MeterRegistry registry) {
    this.max = max;
    for (Cut reason : Cut.values()) {
      cuts.put(
          reason,
          Counter.builder("canvas.connections.cut")
              .description("Client connections that the service closed to protect itself")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** The maximum number of open connections. */
  public int max() {
    return max;
  }

  /** Takes a place for a connection, or returns false if none is left. */
  boolean tryAcquire() {
    if (open.incrementAndGet() <= max) {
      return true;
    }
    open.decrementAndGet();
    countCut(Cut.FULL);
    if (warned.compareAndSet(false, true)) {
      LOG.warn(
          "The limit of {} open connections (http.connections) is reached: new connections are"
              + " closed at once",
          max);
    }
    return false;
  }

  /** Gives back the place of a closed connection. */
  void release() {
    // Warn again only after the number has been well below the limit.
    if (open.decrementAndGet() < max / 2) {
      warned.set(false);
    }
  }

  void countCut(Cut reason) {
    cuts.get(reason).increment();
  }
}
