package dev.canvas.data.admission;

/**
 * How much of a kind may be in progress at once. It is adapted every tenth of a second in which
 * there was work, by a gradient, as Netflix's concurrency-limits does (Gradient2): the limit is
 * multiplied by the ratio of the time that an answer should take to the time that it took, and its
 * square root is added, so that some always waits and the limit finds out what the store can do.
 *
 * <p>There are three differences. An answer should take at most the target of its kind, or twice
 * what it takes when there is room, whichever is longer. What it takes when there is room is learnt
 * only while half of the limit is unused, or at the lowest limit; an average over all times would
 * drift up during a long overload. And a loop that uses more processor time in a turn than it
 * should lowers the limits of expensive work, as then the loop, and not the store, has the queue.
 *
 * <p>Belongs to one event loop; {@link #value()} may be called by any thread.
 */
final class AdaptiveLimit {

  /** How much longer an answer may take than when there is room. */
  private static final double TOLERANCE = 2;

  /** How many times the target an answer may take at most when there is room. */
  private static final double FARTHEST = 4;

  /** The most that one step lowers the limit to. */
  private static final double MIN_GRADIENT = 0.5;

  /** What it is raised by, beside its root, while answers take less than half of the time. */
  private static final double GROWTH = 1.2;

  private static final double SMOOTHING = 0.5;

  /** The share of a step that goes into what an answer takes when there is room. */
  private static final double LEARNING = 0.1;

  /** How late the work of the loop itself may make it, in ms. */
  static final double MAX_LATE_MS = 5;

  private final Kind kind;
  private double limit;
  private volatile int value;
  private double unloadedMs;
  private long sumMs;
  private int samples;
  private int peak;

  AdaptiveLimit(Kind kind) {
    this.kind = kind;
    this.limit = kind.initial();
    this.value = kind.initial();
  }

  int value() {
    return value;
  }

  /** Records how much is in progress. */
  void used(int inProgress) {
    peak = Math.max(peak, inProgress);
  }

  /** Records how long an answer took, in ms of loop time. */
  void took(long ms) {
    sumMs += ms;
    samples++;
  }

  /**
   * Adapts the limit to what has been recorded since the last call.
   *
   * @param lateMs how late its own work made the loop
   */
  void adapt(double lateMs) {
    boolean used = peak * 2 > limit;
    double gradient = 1;
    if (samples > 0) {
      double tookMs = (double) sumMs / samples;
      learn(tookMs, used);
      gradient = ratio(Math.max(kind.targetMs(), TOLERANCE * unloadedMs), tookMs);
    }
    if (kind.isExpensive() && limit > kind.minOfLateLoop()) {
      gradient = Math.min(gradient, ratio(MAX_LATE_MS, lateMs));
    }
    double next = limit;
    if (used) {
      next = limit * gradient + (samples > 0 ? Math.sqrt(limit) : 0);
    } else if (limit < kind.initial()) {
      next = kind.initial();
    }
    limit += SMOOTHING * (next - limit);
    limit = Math.max(kind.min(), Math.min(kind.max(), limit));
    value = (int) limit;
    sumMs = 0;
    samples = 0;
    peak = 0;
  }

  private void learn(double tookMs, boolean used) {
    if (used && limit > kind.min()) {
      unloadedMs = Math.min(unloadedMs, tookMs);
    } else {
      double farthest = FARTHEST * kind.targetMs();
      unloadedMs += LEARNING * (Math.min(tookMs, farthest) - unloadedMs);
    }
  }

  private static double ratio(double wanted, double actual) {
    if (actual < wanted / 2) {
      return GROWTH;
    }
    return actual <= wanted ? 1 : Math.max(MIN_GRADIENT, wanted / actual);
  }
}
