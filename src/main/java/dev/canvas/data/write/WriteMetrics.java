package dev.canvas.data.write;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts writes: {@code canvas.writes} by effect, {@code canvas.write.failures} by problem, and
 * {@code canvas.write.group}, the products of a commit. Thread-safe.
 */
final class WriteMetrics implements Handler<AsyncResult<Written>> {

  private final Map<Written.Effect, Counter> writes = new EnumMap<>(Written.Effect.class);
  private final Map<Problem, Counter> failures = new EnumMap<>(Problem.class);
  private final DistributionSummary groups;

  WriteMetrics(MeterRegistry registry) {
    for (Written.Effect effect : Written.Effect.values()) {
      writes.put(
          effect,
          Counter.builder("canvas.writes")
              .description("Committed changes, by effect")
              .tag("effect", lowerCase(effect))
              .register(registry));
    }
    for (Problem problem : Problem.values()) {
      failures.put(
          problem,
          Counter.builder("canvas.write.failures")
              .description("Changes that failed or whose outcome is unknown, by problem")
              .tag("problem", lowerCase(problem))
              .register(registry));
    }
    groups =
        DistributionSummary.builder("canvas.write.group")
            .description("Products written by one commit")
            .register(registry);
  }

  @Override
  public void handle(AsyncResult<Written> write) {
    if (write.succeeded()) {
      writes.get(write.result().effect()).increment();
    } else {
      Problem problem =
          write.cause() instanceof ProblemException known ? known.problem() : Problem.INTERNAL;
      failures.get(problem).increment();
    }
  }

  void countGroup(int products) {
    groups.record(products);
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
