package dev.canvas.seed;

import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.Target;
import java.util.concurrent.atomic.LongAdder;

/** Measures the progress of a run. Thread-safe. */
final class ProgressMeter {

  /** The weight of the newest interval in the smoothed rate (exponential moving average). */
  private static final double NEWEST_WEIGHT = 0.3;

  private static final double MIN_INTERVAL_SECONDS = 0.2;

  private final long run;
  private final ProductSource source;
  private final long loadedBefore;
  private final LongAdder loaded = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder partial = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final long beganNanos = System.nanoTime();
  private volatile SeedProgress.Phase phase = SeedProgress.Phase.LOADING;
  private volatile String detail = "";
  private long sampledNanos = beganNanos;
  private long sampledLoaded;
  private double perSecond;

  /**
   * @param before the totals of the run before this process resumed it
   */
  ProgressMeter(long run, ProductSource source, Target.Tally before) {
    this.run = run;
    this.source = source;
    this.loadedBefore = before.loaded();
    loaded.add(before.loaded());
    rejected.add(before.rejected());
    bytes.add(before.bytes());
    sampledLoaded = before.loaded();
  }

  void loaded(int length) {
    loaded.increment();
    bytes.add(length);
  }

  void rejected() {
    rejected.increment();
  }

  /** Counts a product that was loaded without its invalid items. */
  void partial() {
    partial.increment();
  }

  /** The products that were loaded without their invalid items, since this process began. */
  long partials() {
    return partial.sum();
  }

  /** Ends the run, with what was left out. */
  void done(String notes) {
    detail = notes;
    phase = SeedProgress.Phase.DONE;
  }

  void enter(SeedProgress.Phase next) {
    phase = next;
  }

  void fail(SeedProgress.Phase outcome, String reason) {
    detail = reason;
    phase = outcome;
  }

  synchronized SeedProgress progress() {
    long now = System.nanoTime();
    long loadedNow = loaded.sum();
    double seconds = (now - sampledNanos) / 1e9;
    if (seconds >= MIN_INTERVAL_SECONDS) {
      double newest = (loadedNow - sampledLoaded) / seconds;
      perSecond =
          perSecond == 0 ? newest : NEWEST_WEIGHT * newest + (1 - NEWEST_WEIGHT) * perSecond;
      sampledNanos = now;
      sampledLoaded = loadedNow;
    }
    long total = source.products();
    boolean done = phase == SeedProgress.Phase.DONE;
    return new SeedProgress(
        run,
        phase,
        loadedNow,
        done ? loadedNow : total,
        done ? 1 : total > 0 ? Math.min(1, (double) loadedNow / total) : source.fractionRead(),
        rejected.sum(),
        bytes.sum(),
        Math.round(done ? (loadedNow - loadedBefore) * 1e9 / (now - beganNanos) : perSecond),
        (now - beganNanos) / 1_000_000,
        detail);
  }
}
