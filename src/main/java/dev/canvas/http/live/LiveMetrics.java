package dev.canvas.http.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what goes on at the {@link LiveBridge} of a process. Thread-safe. */
public final class LiveMetrics {

  /** Why a client was not let in, or was sent away. */
  enum Refused {
    /** Its page is of an origin that may not read. */
    ORIGIN,
    /** There are too many. */
    FULL,
    /** It wanted to send or to publish. */
    COMMAND,
    /** It does not read what it is told. */
    SLOW
  }

  private final Counter opened;
  private final Counter closed;
  private final Counter told;
  private final Map<Refused, Counter> refused = new EnumMap<>(Refused.class);

  public LiveMetrics(MeterRegistry registry) {
    opened = counter("opened", "Browsers that began to follow changes").register(registry);
    closed = counter("closed", "Browsers that ended to follow changes").register(registry);
    told = counter("told", "Changes told to browsers").register(registry);
    for (Refused reason : Refused.values()) {
      refused.put(
          reason,
          counter("refused", "Browsers not let in, messages not taken, slow readers sent away")
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

  void told() {
    told.increment();
  }

  void refused(Refused reason) {
    refused.get(reason).increment();
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder("canvas.live." + name).description(description);
  }
}
