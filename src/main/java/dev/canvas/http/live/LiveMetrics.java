package dev.canvas.http.live;

import dev.canvas.http.connection.CounterByReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the {@link LiveBridge} of a process. Thread-safe. */
public final class LiveMetrics {

  private static final String PREFIX = "canvas.live.";

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
  private final CounterByReason<Refused> refused;

  public LiveMetrics(MeterRegistry registry) {
    opened = counter("opened", "WebSockets opened to follow changes", registry);
    closed = counter("closed", "WebSockets closed that followed changes", registry);
    sent = counter("told", "Change messages sent to browsers", registry);
    refused =
        new CounterByReason<>(
            PREFIX + "refused",
            "WebSockets and messages refused, and slow readers disconnected",
            Refused.class,
            registry);
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
    refused.count(reason);
  }

  private static Counter counter(String name, String description, MeterRegistry registry) {
    return Counter.builder(PREFIX + name).description(description).register(registry);
  }
}
