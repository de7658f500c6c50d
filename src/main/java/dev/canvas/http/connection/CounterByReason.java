package dev.canvas.http.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts why clients are refused or cut: a counter with a series for each reason, all of which
 * begin at 0. Thread-safe.
 *
 * @param <R> the reasons; in lower case they are the tag {@code reason}
 */
public final class CounterByReason<R extends Enum<R>> {

  private final Map<R, Counter> counters;

  /**
   * Registers the counter.
   *
   * @param name as {@code canvas.live.refused}
   */
  public CounterByReason(
      String name, String description, Class<R> reasons, MeterRegistry registry) {
    counters = new EnumMap<>(reasons);
    for (R reason : reasons.getEnumConstants()) {
      counters.put(
          reason,
          Counter.builder(name)
              .description(description)
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** Counts one. */
  public void count(R reason) {
    counters.get(reason).increment();
  }
}
