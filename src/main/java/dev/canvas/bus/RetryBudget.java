package dev.canvas.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/**
 * Bounds how many requests are sent again, so that retries do not multiply the load when many fail:
 * a tenth of the requests of the last ten seconds, and a hundred more, so that a quiet service can
 * retry too and a verticle can leave in the middle of a burst. After Finagle's {@code RetryBudget}
 * and the per-client budget in Beyer et al., Site Reliability Engineering (2016), chapter 21.
 *
 * <p>Thread-safe.
 */
final class RetryBudget {

  private static final int SECONDS = 10;
  private static final int RESERVE = 100;
  private static final double SHARE = 0.1;

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final Counter retries;
  private final Counter refused;

  /** What was counted in each of the last seconds, by the second modulo {@link #SECONDS}. */
  private final int[] requestsOf = new int[SECONDS];

  private final int[] retriesOf = new int[SECONDS];
  private long second;

  /**
   * @param registry counts the retries, and those that the budget does not allow
   */
  RetryBudget(MeterRegistry registry) {
    this(registry, System::nanoTime);
  }

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  RetryBudget(MeterRegistry registry, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.retries =
        Counter.builder("canvas.bus.retries")
            .description("Requests sent again because their verticle was leaving")
            .register(registry);
    this.refused =
        Counter.builder("canvas.shed")
            .description("Requests refused because of overload")
            .tags("kind", "retry", "reason", "budget")
            .register(registry);
  }

  /** Counts a request that is sent for the first time. */
  synchronized void request() {
    requestsOf[slot()]++;
  }

  /** Whether a request may be sent again; counts it. */
  synchronized boolean mayRetry() {
    int slot = slot();
    if (sum(retriesOf) >= RESERVE + SHARE * sum(requestsOf)) {
      refused.increment();
      return false;
    }
    retriesOf[slot]++;
    retries.increment();
    return true;
  }

  private int slot() {
    long now = now();
    for (int passed = 0; second < now && passed < SECONDS; passed++) {
      second++;
      requestsOf[(int) (second % SECONDS)] = 0;
      retriesOf[(int) (second % SECONDS)] = 0;
    }
    second = now;
    return (int) (now % SECONDS);
  }

  private long now() {
    return (nanoTime.getAsLong() - startNanos) / 1_000_000_000;
  }

  private static int sum(int[] seconds) {
    int sum = 0;
    for (int each : seconds) {
      sum += each;
    }
    return sum;
  }
}
