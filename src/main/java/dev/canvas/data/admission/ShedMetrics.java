package dev.canvas.data.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what the gates refuse, as {@code canvas.shed} by kind and reason. Thread-safe. */
final class ShedMetrics {

  /** Why something is refused. */
  enum Reason {
    /** As much is in progress as can be answered in time, and no more may wait. */
    FULL,
    /** It waited for longer than it may. */
    LATE
  }

  private final Map<Kind, Map<Reason, Counter>> counters = new EnumMap<>(Kind.class);

  ShedMetrics(MeterRegistry registry) {
    for (Kind kind : Kind.values()) {
      Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
      for (Reason reason : Reason.values()) {
        reasons.put(
            reason,
            Counter.builder("canvas.shed")
                .description("Requests refused because of overload")
                .tags("kind", kind.tag(), "reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry));
      }
      counters.put(kind, reasons);
    }
  }

  void count(Kind kind, Reason reason) {
    counters.get(kind).get(reason).increment();
  }
}
