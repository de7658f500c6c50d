package dev.canvas.client;

import java.util.function.LongSupplier;

/**
 * Bounds how many requests are sent again, so that retries do not multiply the load when many fail:
 * a tenth of the requests of the last ten seconds, and a hundred more, so that a quiet service can
 * retry too and a verticle can leave in the middle of a burst. After Finagle's {@code RetryBudget}
 * and the per-client budget in Beyer et al., Site Reliability Engineering (2016), chapter 21.
 *
 * <p>Thread-safe.
 */
public final class RetryBudget {

  private static final int SECONDS = 10;
  private static final int RESERVE = 100;
  private static final double SHARE = 0.1;

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final Runnable onRetry;
  private final Runnable onRefusal;

  /** What was counted in each of the last seconds, by the second modulo {@link #SECONDS}. */
  private final int[] requestsOf = new int[SECONDS];

  private final int[] retriesOf = new int[SECONDS];
  private long second;

  /**
   * @param onRetry called for each retry
   * @param onRefusal called for each retry that the budget does not allow
   */
  public RetryBudget(Runnable onRetry, Runnable onRefusal) {
    this(onRetry, onRefusal, System::nanoTime);
  }

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  RetryBudget(Runnable onRetry, Runnable onRefusal, LongSupplier nanoTime) {
    this.onRetry = onRetry;
    this.onRefusal = onRefusal;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  /** Counts a request that is sent for the first time. */
  public synchronized void request() {
    requestsOf[slot()]++;
  }

  /** Whether a request may be sent again; counts it. */
  public synchronized boolean mayRetry() {
    int slot = slot();
    if (sum(retriesOf) >= RESERVE + SHARE * sum(requestsOf)) {
      onRefusal.run();
      return false;
    }
    retriesOf[slot]++;
    onRetry.run();
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
