package dev.canvas.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);
  private final RetryBudget budget = new RetryBudget(registry, () -> nanos);

  @Test
  void aQuietServiceMayRetryAHundredTimes() {
    assertEquals(100, retries());
    assertEquals(100, registry.get("canvas.bus.retries").counter().count());
    assertEquals(1, registry.get("canvas.shed").tag("kind", "retry").counter().count());
  }

  @Test
  void aBusyServiceMayRetryATenthMore() {
    for (int i = 0; i < 5_000; i++) {
      budget.request();
    }
    assertEquals(600, retries());
  }

  @Test
  void afterTenSecondsTheBudgetIsNew() {
    assertEquals(100, retries());
    nanos += TimeUnit.SECONDS.toNanos(9);
    assertEquals(0, retries());
    nanos += TimeUnit.SECONDS.toNanos(1);
    assertEquals(100, retries());
    nanos += TimeUnit.DAYS.toNanos(1);
    assertEquals(100, retries());
  }

  private int retries() {
    int allowed = 0;
    while (budget.mayRetry()) {
      allowed++;
    }
    return allowed;
  }
}
