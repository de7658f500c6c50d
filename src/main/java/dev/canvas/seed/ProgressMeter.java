package dev.canvas.seed;

import dev.canvas.seed.source.ProductSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a run does. Thread-safe. */
final class ProgressMeter {

  /** How much of the rate a second's newest part is. */
  private static final double NEWEST = 0.3;

  private final long run;
  private final ProductSource source;
  private final long before;
  private final LongAdder loaded = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final long beganNanos = System.nanoTime();
  private volatile SeedProgress.Phase phase = SeedProgress.Phase.LOADING;
  private volatile String detail = "";
  private long lookedNanos = beganNanos;
  private long loadedThen;
  private double perSecond;

  /**
   * @param before what the run has loaded before this process went on with it
   */
  ProgressMeter(long run, ProductSource source, Tally before) {
    this.run = run;
    this.source = source;
    this.before = before.loaded();
    loaded.add(before.loaded());
    rejected.add(before.rejected());
    bytes.add(before.bytes());
    loadedThen = before.loaded();
  }

  void loaded(int length) {
    loaded.increment();
    bytes.add(length);
  }

  void rejected() {
    rejected.increment();
  }

  void enter(SeedProgress.Phase next) {
    phase = next;
  }

  void fail(SeedProgress.Phase end, String why) {
    detail = why;
    phase = end;
  }

  /** Notes a failure; answers the one that was noted first. */
  Throwable firstFailure(Throwable next) {
    failure.compareAndSet(null, next);
    return failure.get();
  }

  synchronized SeedProgress progress() {
    long now = System.nanoTime();
    long there = loaded.sum();
    double seconds = (now - lookedNanos) / 1e9;
    if (seconds >= 0.2) {
      double newest = (there - loadedThen) / seconds;
      perSecond = perSecond == 0 ? newest : NEWEST * newest + (1 - NEWEST) * perSecond;
      lookedNanos = now;
      loadedThen = there;
    }
    long total = source.products();
    boolean done = phase == SeedProgress.Phase.DONE;
    return new SeedProgress(
        run,
        phase,
        there,
        done ? there : total,
        done ? 1 : total > 0 ? Math.min(1, (double) there / total) : source.share(),
        rejected.sum(),
        bytes.sum(),
        Math.round(done ? (there - before) * 1e9 / (now - beganNanos) : perSecond),
        (now - beganNanos) / 1_000_000,
        detail);
  }
}
