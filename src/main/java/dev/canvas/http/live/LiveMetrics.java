package dev.canvas.http.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Metrics of the {@link LiveBridge} of a process. Thread-safe. */
public final class LiveMetrics {

  /** Why a client or its message was refused; in lower case the tag {@code reason}. */
  enum Refused {
    /** The origin of the page may not read. */
    ORIGIN,
    /** The limit of sockets was reached. */
    FULL,
    /** The client tried to send or publish. */
    COMMAND,
    /** The client does not read its messages. */
    SLOW
  }

  private final Counter opened;
  private final Counter closed;
  private final Counter sent;
  private final Map<Refused, Counter> refused = new EnumMap<>(Refused.class);

  public LiveMetrics(MeterRegistry registry) {
    opened = counter("opened", "WebSockets opened to follow changes").register(registry);
    closed = counter("closed", "WebSockets closed that followed changes").register(registry);
    sent = counter("told", "Change messages sent to browsers").register(registry);
    for (Refused reason : Refused.values()) {
      refused.put(
          reason,
          counter("refused", "WebSockets and messages refused, and slow readers disconnected")
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

  void sent() {
    sent.increment();
  }

  void refused(Refused reason) {
    refused.get(reason).increment();
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder("canvas.live." + name).description(description);
  }
}
