package dev.canvas.http.bridge;

import dev.canvas.http.connection.CounterByReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the TCP bridge. Thread-safe. */
final class BridgeMetrics {

  private static final String PREFIX = "canvas.bridge.";

  /** Why a connection was refused or cut; in lower case the tag {@code reason}. */
  enum Cut {
    /** The limit of connections was reached. */
    FULL,
    /** A message was too long, or no frame. */
    FRAME,
    /** The client does not read what it is sent. */
    SLOW,
    /** The client sent nothing for too long. */
    IDLE
  }

  private final Counter opened;
  private final Counter closed;
  private final CounterByReason<Cut> cut;

  BridgeMetrics(MeterRegistry registry) {
    opened = counter("opened", "Connections to the TCP bridge opened", registry);
    closed = counter("closed", "Connections to the TCP bridge closed", registry);
    cut =
        new CounterByReason<>(
            PREFIX + "cut", "Connections to the TCP bridge refused or cut", Cut.class, registry);
  }

  void opened() {
    opened.increment();
  }

  void closed() {
    closed.increment();
  }

  void cut(Cut reason) {
    cut.count(reason);
  }

  private static Counter counter(String name, String description, MeterRegistry registry) {
    return Counter.builder(PREFIX + name).description(description).register(registry);
  }
}
