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
 * How many connections the HTTP verticles of a process may hold together: beyond its descriptors it
 * could not even ask its stores. Counts those that are cut off, too. Thread-safe.
 */
public final class ConnectionLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  /** Why a connection was cut off. */
  enum Cut {
    /** There are as many as may be. */
    FULL,
    /** Its client was too slow to send a request. */
    SLOW,
    /** Its client asked far ahead of the answers. */
    AHEAD
  }

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);

  /**
   * @param most how many, one at least
   * @param registry gets {@code canvas.connections.cut}, by reason
   */
  public ConnectionLimit(int most, MeterRegistry registry) {
    this.most = most;
    for (Cut reason : Cut.values()) {
      cuts.put(
          reason,
          Counter.builder("canvas.connections.cut")
              .description("Connections of clients that were cut off")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** How many there may be. */
  public int most() {
    return most;
  }

  /** Whether there is room for one more, which is then taken. */
  boolean enter() {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    cut(Cut.FULL);
    if (told.compareAndSet(false, true)) {
      LOG.warn("{} connections are open, the most (http.connections): others are cut off", most);
    }
    return false;
  }

  /** One that had entered is closed. */
  void leave() {
    // Told again only after there was room for a while.
    if (open.decrementAndGet() < most / 2) {
      told.set(false);
    }
  }

  void cut(Cut reason) {
    cuts.get(reason).increment();
  }
}
