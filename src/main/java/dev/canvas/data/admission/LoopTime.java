package dev.canvas.data.admission;

/**
 * The time of an event loop: time in which it could have done something. It is counted by a timer,
 * and each firing counts once, however long the turn before it took; so a loop that is late does
 * not take its own lateness for that of others (see {@code
 * docs/adr/0024-deadlines-in-loop-time.md}). It stands still while nothing is admitted.
 *
 * <p>Also measures how late the loop is made by its own work: by how much the timer is late, times
 * the share of the time in which this thread had a processor. What other processes take counts a
 * tenth: a busy machine is no overload, but on a machine that hardly runs this loop at all less can
 * be answered in time.
 *
 * <p>Belongs to one event loop.
 */
final class LoopTime {

  static final long TICK_MS = 5;

  /** As in {@code LaneClient}, so that what waits is refused before its caller gives up. */
  private static final long TURN_NANOS = 50_000_000;

  private static final double SHARE_OF_OTHERS = 0.1;

  private final LoopClock clock;
  private long ticks;
  private long turns;
  private long tickNanos;
  private long turnNanos;
  private long cpuNanos;
  private double sumNanos;
  private double sumLate;

  LoopTime(LoopClock clock) {
    this.clock = clock;
  }

  /** The ticks so far, {@value #TICK_MS} ms apart or more. */
  long ticks() {
    return ticks;
  }

  /** The turns so far, 50 ms apart or more. */
  long turns() {
    return turns;
  }

  /** Starts again after a pause. */
  void resume() {
    tickNanos = clock.nanoTime();
    turnNanos = tickNanos;
    cpuNanos = clock.cpuNanos();
  }

  /** Counts a tick. */
  void tick() {
    long now = clock.nanoTime();
    long cpu = clock.cpuNanos();
    double passed = Math.max(1, now - tickNanos);
    double own = Math.max(SHARE_OF_OTHERS, Math.min(1, (cpu - cpuNanos) / passed));
    sumNanos += passed;
    sumLate += passed * own * Math.max(0, passed - TICK_MS * 1e6);
    tickNanos = now;
    cpuNanos = cpu;
    ticks++;
    if (now - turnNanos >= TURN_NANOS) {
      turnNanos = now;
      turns++;
    }
  }

  /** How late its own work has made the loop since the last call: the mean over the time, in ms. */
  double takeLateMs() {
    double lateMs = sumNanos == 0 ? 0 : sumLate / sumNanos / 1e6;
    sumNanos = 0;
    sumLate = 0;
    return lateMs;
  }
}
