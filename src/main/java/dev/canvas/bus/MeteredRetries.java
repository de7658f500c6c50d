package dev.canvas.bus;

import dev.canvas.client.RetryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The retries of a node, which are counted. Not instantiable. */
public final class MeteredRetries {

  private MeteredRetries() {}

  /**
   * Makes the budget of one verticle.
   *
   * @param registry counts the retries, and those that the budget does not allow
   */
  public static RetryBudget budget(MeterRegistry registry) {
    Counter retries =
        Counter.builder("canvas.bus.retries")
            .description("Requests sent again because their verticle was leaving")
            .register(registry);
    Counter refused =
        Counter.builder("canvas.shed")
            .description("Requests refused because of overload")
            .tags("kind", "retry", "reason", "budget")
            .register(registry);
    return new RetryBudget(retries::increment, refused::increment);
  }
}
