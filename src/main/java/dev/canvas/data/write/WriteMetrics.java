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
 * What is counted of writes: {@code canvas.writes} by effect, {@code canvas.write.failures} by
 * problem, {@code canvas.write.group} the products of a commit. Thread-safe.
 */
public final class WriteMetrics implements Handler<AsyncResult<Written>> {

  private final Map<Written.Effect, Counter> writes = new EnumMap<>(Written.Effect.class);
  private final Map<Problem, Counter> failures = new EnumMap<>(Problem.class);
  private final DistributionSummary groups;

  public WriteMetrics(MeterRegistry registry) {
    for (Written.Effect effect : Written.Effect.values()) {
      writes.put(
          effect,
          Counter.builder("canvas.writes")
              .description("Changes made, by what they did")
              .tag("effect", word(effect))
              .register(registry));
    }
    for (Problem problem : Problem.values()) {
      failures.put(
          problem,
          Counter.builder("canvas.write.failures")
              .description("Changes not made, or not known to be made, by the reason")
              .tag("problem", word(problem))
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
          write.cause() instanceof ProblemException told ? told.problem() : Problem.INTERNAL;
      failures.get(problem).increment();
    }
  }

  void grouped(int products) {
    groups.record(products);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
