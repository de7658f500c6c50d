package dev.canvas.data.read;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts reads: {@code canvas.reads} by the tier that answered, {@code canvas.read.failures}, and
 * {@code canvas.cache.fills}, including those refused because the lease was gone. Thread-safe.
 */
public final class ReadMetrics implements Handler<AsyncResult<Lookup>> {

  private final Map<AnswerSource, Counter> reads = new EnumMap<>(AnswerSource.class);
  private final Counter failures;
  private final Counter fills;
  private final Counter refusedFills;

  public ReadMetrics(MeterRegistry registry) {
    for (AnswerSource source : AnswerSource.values()) {
      reads.put(
          source,
          Counter.builder("canvas.reads")
              .description("Products read, by the tier that answered")
              .tag("source", source.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    failures =
        Counter.builder("canvas.read.failures")
            .description("Products that neither the cache nor the store could answer")
            .register(registry);
    fills = fills(registry, "filled");
    refusedFills = fills(registry, "refused");
  }

  private static Counter fills(MeterRegistry registry, String result) {
    return Counter.builder("canvas.cache.fills")
        .description("Products read from the store for the cache")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void handle(AsyncResult<Lookup> read) {
    if (read.succeeded()) {
      reads.get(read.result().source()).increment();
    } else {
      failures.increment();
    }
  }

  void countFill(boolean filled) {
    (filled ? fills : refusedFills).increment();
  }
}
