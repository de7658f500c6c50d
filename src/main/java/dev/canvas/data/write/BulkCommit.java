package dev.canvas.data.write;

import dev.canvas.data.admission.Gate;
import dev.canvas.media.Change;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Commits the changes of bulk imports, one {@link UnfencedCommit} per bulk. While the store or the
 * repair of the cache stalls, changes that have certainly not been made are kept and retried; the
 * sender of an import sends no more meanwhile. Once the stall has lasted for longer than a bulk
 * waits, its changes are refused, and those that follow are refused after one attempt each, until
 * one succeeds. Belongs to one event loop. See {@code
 * docs/adr/0017-bulk-import-waits-for-the-store.md}.
 */
final class BulkCommit {

  /** Two, so that one is committed while the other is read or repaired in the cache. */
  private static final int MAX_IN_PROGRESS = 2;

  private static final long RETRY_MS = 20;

  private final Vertx vertx;
  private final UnfencedCommit commits;
  private final Gate gate;
  private final PendingRepairs repairs;
  private final WriteMetrics metrics;
  private final long maxWaitMs;

  /** The changes of each bulk that have no answer yet. */
  private final Deque<List<PendingWrite>> waiting = new ArrayDeque<>();

  private int inProgress;
  private boolean pausing;
  private boolean waitingStopped;

  /** When the stall began, by {@link System#nanoTime}; 0 if there is none. */
  private long stalledSinceNanos;

  /**
   * @param gate bounds the bulks that wait
   * @param maxWait how long a bulk waits for a store or a cache that stalls
   */
  BulkCommit(
      Vertx vertx,
      UnfencedCommit commits,
      Gate gate,
      PendingRepairs repairs,
      WriteMetrics metrics,
      Duration maxWait) {
    this.vertx = vertx;
    this.commits = commits;
    this.gate = gate;
    this.repairs = repairs;
    this.metrics = metrics;
    this.maxWaitMs = maxWait.toMillis();
  }

  /** Makes changes of different products; completes when each has an outcome. */
  Future<List<Outcome>> write(List<Change> changes) {
    List<PendingWrite> bulk = new ArrayList<>(changes.size());
    List<Future<Written>> answers = new ArrayList<>(changes.size());
    for (Change change : changes) {
      PendingWrite write = new PendingWrite(change);
      bulk.add(write);
      answers.add(write.answer().future().onComplete(metrics));
    }
    Gate.Place place = bulk.isEmpty() ? null : gate.enter();
    if (place != null) {
      waiting.add(bulk);
      start();
      Future.join(answers).onComplete(answered -> place.leave());
    } else if (!bulk.isEmpty()) {
      PendingWrite.failAll(bulk, gate.refuseFull());
    }
    return Future.join(answers)
        .transform((all, failure) -> Future.succeededFuture(outcomes(answers)));
  }

  /** Refuses from now on what cannot be made at once. */
  void stopWaiting() {
    waitingStopped = true;
  }

  private void start() {
    while (!pausing && inProgress < MAX_IN_PROGRESS && !waiting.isEmpty()) {
      if (!repairs.isFull()) {
        commit(waiting.remove());
      } else if (mayWait(waiting.peek().get(0))) {
        // The relay works off the repairs meanwhile.
        pause();
      } else {
        PendingWrite.failAll(
            waiting.remove(),
            Problem.UNAVAILABLE.because(
                "The bulk waited %d ms for the cache to be repaired; retry in a second",
                maxWaitMs));
      }
    }
  }

  private void commit(List<PendingWrite> bulk) {
    inProgress++;
    // An attempt has answers of its own, so that a failed one can be retried.
    List<PendingWrite> attempt =
        bulk.stream().map(each -> new PendingWrite(each.change())).toList();
    commits
        .commit(attempt)
        .onComplete(
            done -> {
              inProgress--;
              start();
            });
    Future.join(attempt.stream().map(each -> each.answer().future()).toList())
        .onComplete(all -> finish(bulk, attempt));
  }

  private void finish(List<PendingWrite> bulk, List<PendingWrite> attempt) {
    boolean progress = attempt.stream().anyMatch(each -> !isUnavailable(each));
    if (progress) {
      stalledSinceNanos = 0;
      metrics.countGroup(bulk.size());
    } else if (stalledSinceNanos == 0) {
      stalledSinceNanos = System.nanoTime();
    }
    List<PendingWrite> kept = new ArrayList<>();
    for (int i = 0; i < bulk.size(); i++) {
      PendingWrite each = bulk.get(i);
      if (isUnavailable(attempt.get(i)) && mayWait(each)) {
        kept.add(each);
      } else {
        attempt.get(i).answer().future().onComplete(each.answer());
      }
    }
    if (!kept.isEmpty()) {
      waiting.addFirst(kept);
      pause();
    }
  }

  /** Whether nothing was written, and a retry may succeed soon. */
  private static boolean isUnavailable(PendingWrite write) {
    return write.answer().future().cause() instanceof ProblemException problem
        && problem.problem() == Problem.UNAVAILABLE;
  }

  private boolean mayWait(PendingWrite write) {
    long stalledMs =
        stalledSinceNanos == 0 ? 0 : (System.nanoTime() - stalledSinceNanos) / 1_000_000;
    return !waitingStopped && write.waitedMs() < maxWaitMs && stalledMs < maxWaitMs;
  }

  private void pause() {
    if (!pausing) {
      pausing = true;
      vertx.setTimer(
          RETRY_MS,
          tick -> {
            pausing = false;
            start();
          });
    }
  }

  private static List<Outcome> outcomes(List<Future<Written>> answers) {
    List<Outcome> outcomes = new ArrayList<>(answers.size());
    for (Future<Written> answer : answers) {
      outcomes.add(
          answer.succeeded()
              ? Outcome.Made.of(answer.result())
              : Outcome.Refused.because(answer.cause()));
    }
    return outcomes;
  }
}
