package dev.canvas.data.admission;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Admits one kind of work to one event loop. As much as {@link AdaptiveLimit} allows is in
 * progress; the rest waits for a place, or is refused with {@link Problem#UNAVAILABLE}.
 *
 * <p>The queue follows Maurer, Fail at Scale (ACM Queue 13(8), 2015), which is CoDel (Nichols and
 * Jacobson, Controlling Queue Delay, ACM Queue 10(5), 2012) for requests. A queue that empties
 * again and again is a burst: first come, first served, and nobody is refused while it has room.
 * One that has not been empty for a tenth of a second is an overload. Then the newest is served
 * first, as its caller is the most likely to be there still, and what has waited until the next
 * tick is refused. The overload is over when nothing had to wait for half as long.
 *
 * <p>Belongs to one event loop; {@link #limit()} may be called by any thread.
 */
public final class Gate {

  /** In ticks of {@link LoopTime}. */
  private static final long OVERLOAD_AFTER = 20;

  private static final long CALM_AFTER = 10;

  private final Kind kind;
  private final LoopTime time;
  private final Runnable onBusy;
  private final ShedMetrics metrics;
  private final AdaptiveLimit limit;
  private final ArrayDeque<Waiting<?>> waiting = new ArrayDeque<>();
  private final ProblemException late;

  /** The last refusal of a full gate: many are alike, and must cost little. */
  private Full full;

  private int inProgress;
  private boolean admitting;
  private boolean overloaded;

  /** The last tick at which the queue was empty, if there is no overload. */
  private long emptyTick;

  /** The last tick before which something had to wait. */
  private long waitedTick = Long.MIN_VALUE / 2;

  private record Full(int inProgress, ProblemException refusal) {

    static Full of(int inProgress, Kind kind) {
      return new Full(
          inProgress,
          Problem.UNAVAILABLE.because(
              "%d %s are in progress, the most that can be answered in time now; retry in a"
                  + " second",
              inProgress, kind.plural()));
    }
  }

  /**
   * @param caller the context to work on, so that the work is traced as a part of its request; null
   *     without an event loop
   */
  private record Waiting<T>(
      Supplier<Future<T>> work, ContextInternal caller, Promise<T> answer, long sinceTick) {}

  /**
   * A place of one piece of work, to be left once. Belongs to the event loop of its gate.
   *
   * @see #enter()
   */
  public final class Place {

    private final long sinceTick = time.ticks();

    private Place() {}

    /** Tells that the work was answered, so that the limit adapts to how long that took. */
    public void answered() {
      limit.took((time.ticks() - sinceTick) * LoopTime.TICK_MS);
    }

    /** Gives the place to the next. */
    public void leave() {
      inProgress--;
      admitWaiting();
    }
  }

  /**
   * @param onBusy runs whenever work begins or has to wait
   */
  Gate(Kind kind, LoopTime time, Runnable onBusy, ShedMetrics metrics) {
    this.kind = kind;
    this.time = time;
    this.onBusy = onBusy;
    this.metrics = metrics;
    this.limit = new AdaptiveLimit(kind);
    this.full = Full.of(0, kind);
    this.late =
        Problem.UNAVAILABLE.because(
            "The request waited too long for other %s; retry in a second", kind.plural());
  }

  /** How much may be in progress now. */
  public int limit() {
    return limit.value();
  }

  /**
   * Does a piece of work, now or when there is a place. Fails with {@link Problem#UNAVAILABLE} if
   * there is none in time; the work is not begun then.
   */
  public <T> Future<T> admit(Supplier<Future<T>> work) {
    if (inProgress < limit.value()) {
      return begin(work);
    }
    if (waiting.size() >= kind.maxWaiting()) {
      return Future.failedFuture(refuseFull());
    }
    Waiting<T> last =
        new Waiting<>(work, ContextInternal.current(), Promise.promise(), time.ticks());
    waiting.add(last);
    waitedTick = time.ticks();
    return last.answer.future();
  }

  /** Takes a place for work that has a queue of its own; null if there is none. */
  public Place enter() {
    if (inProgress >= limit.value()) {
      return null;
    }
    inProgress++;
    limit.used(inProgress);
    onBusy.run();
    return new Place();
  }

  /** Counts a refusal for want of a place, and returns it. */
  public ProblemException refuseFull() {
    metrics.count(kind, ShedMetrics.Reason.FULL);
    if (inProgress != full.inProgress) {
      full = Full.of(inProgress, kind);
    }
    return full.refusal;
  }

  /** Counts a refusal after a wait, and returns it. */
  public ProblemException refuseLate() {
    metrics.count(kind, ShedMetrics.Reason.LATE);
    return late;
  }

  /** Whether something is in progress or waits. */
  boolean isBusy() {
    return inProgress > 0 || !waiting.isEmpty();
  }

  /** Refuses what has waited for too long. */
  void tick() {
    long now = time.ticks();
    if (overloaded ? now - waitedTick > CALM_AFTER : waiting.isEmpty()) {
      overloaded = false;
      emptyTick = now;
    }
    overloaded |= now - emptyTick >= OVERLOAD_AFTER;
    while (overloaded && !waiting.isEmpty() && waiting.peek().sinceTick < now) {
      waiting.remove().answer.fail(refuseLate());
    }
  }

  /**
   * Adapts the limit.
   *
   * @param lateMs how late its own work made the loop
   */
  void adapt(double lateMs) {
    limit.adapt(lateMs);
    admitWaiting();
  }

  private void admitWaiting() {
    // Not again from within, where work that fails at once would nest deeper and deeper.
    if (admitting) {
      return;
    }
    admitting = true;
    while (!waiting.isEmpty() && inProgress < limit.value()) {
      Waiting<?> next = overloaded ? waiting.removeLast() : waiting.remove();
      begin(next);
    }
    admitting = false;
    if (waiting.isEmpty()) {
      emptyTick = time.ticks();
    }
  }

  private <T> void begin(Waiting<T> next) {
    if (next.caller == null) {
      begin(next.work).onComplete(next.answer);
    } else {
      next.caller.dispatch(next, work -> begin(work.work).onComplete(work.answer));
    }
  }

  private <T> Future<T> begin(Supplier<Future<T>> work) {
    Place place = enter();
    Future<T> answer;
    try {
      answer = work.get();
    } catch (RuntimeException bug) {
      answer = Future.failedFuture(bug);
    }
    return answer.onComplete(
        done -> {
          // How long a server took to fail says nothing about how much it can do.
          if (done.succeeded()) {
            place.answered();
          }
          place.leave();
        });
  }
}
