package dev.canvas.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private int retried;
  private int refused;
  private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);
  private final RetryBudget budget = new RetryBudget(() -> retried++, () -> refused++, () -> nanos);

  @Test
  void aQuietServiceMayRetryAHundredTimes() {
    assertEquals(100, retries());
    assertEquals(100, retried);
    assertEquals(1, refused);
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
