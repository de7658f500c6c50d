package dev.canvas.http.bridge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Metrics of the TCP bridge. Thread-safe. */
final class BridgeMetrics {

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
  private final Map<Cut, Counter> cut = new EnumMap<>(Cut.class);

  BridgeMetrics(MeterRegistry registry) {
    opened = counter("opened", "Connections to the TCP bridge opened").register(registry);
    closed = counter("closed", "Connections to the TCP bridge closed").register(registry);
    for (Cut reason : Cut.values()) {
      cut.put(
          reason,
          counter("cut", "Connections to the TCP bridge refused or cut")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void opened() {
    opened.increment();
  }

  void closed() {
    closed.increment();
  }

  void cut(Cut reason) {
    cut.get(reason).increment();
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder("canvas.bridge." + name).description(description);
  }
}
