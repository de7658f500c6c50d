package dev.canvas.data.write;

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
import java.util.function.Consumer;

/**
 * Commits the changes of bulks, a {@link BulkGroup} each, beside those that come singly. What
 * cannot be made now, and certainly has not been, is held and tried again: whoever sends a bulk
 * sends no more of it meanwhile. Only where the store, or the repair of the cache, has stood still
 * for longer than a bulk waits are its changes refused; then those that follow are at once, each
 * having been tried, until one is made. Belongs to one event loop.
 */
final class BulkCommit {

  /** One is committed while another is read or taken to the cache. */
  private static final int MAX_UNDER_WAY = 2;

  /** Bulks that may wait; more are told to come again at once. */
  private static final int MAX_WAITING = 64;

  private static final long LOOK_MS = 20;

  private final Vertx vertx;
  private final WriteParts parts;
  private final WriteMetrics metrics;
  private final long patienceMs;
  private final Consumer<PendingWrite> singly;

  /** Each of the changes of one bulk that have no answer. */
  private final Deque<List<PendingWrite>> waiting = new ArrayDeque<>();

  private int underWay;
  private boolean pausing;
  private boolean closed;

  /** Since when nothing could be made; 0 while all is well. */
  private long troubledNanos;

  /**
   * @param patience how long a bulk waits for what stands still
   * @param singly makes changes that others have overtaken, or that the store has refused together
   */
  BulkCommit(
      Vertx vertx,
      WriteParts parts,
      WriteMetrics metrics,
      Duration patience,
      Consumer<PendingWrite> singly) {
    this.vertx = vertx;
    this.parts = parts;
    this.metrics = metrics;
    this.patienceMs = patience.toMillis();
    this.singly = singly;
  }

  /** Makes changes; the answer comes when all are durable that are made. */
  Future<List<Outcome>> write(List<Change> changes) {
    List<PendingWrite> bulk = new ArrayList<>(changes.size());
    List<Future<Written>> answers = new ArrayList<>(changes.size());
    for (Change change : changes) {
      PendingWrite write = new PendingWrite(change);
      bulk.add(write);
      answers.add(write.answer().future().onComplete(metrics));
    }
    if (waiting.size() >= MAX_WAITING) {
      CommitOutcome.fail(
          bulk, Problem.UNAVAILABLE.because("Too many bulks wait; ask again in a second"));
    } else if (!bulk.isEmpty()) {
      waiting.add(bulk);
      start();
    }
    return Future.join(answers).transform((all, failure) -> Future.succeededFuture(of(answers)));
  }

  /** Holds nothing any more: what cannot be made is refused. */
  void close() {
    closed = true;
  }

  private void start() {
    while (!pausing && underWay < MAX_UNDER_WAY && !waiting.isEmpty()) {
      if (!parts.repairs().isFull()) {
        run(waiting.remove());
      } else if (isPatient(waiting.peek().get(0))) {
        // The relay works off what waits for it.
        pause();
      } else {
        CommitOutcome.fail(
            waiting.remove(),
            Problem.UNAVAILABLE.because(
                "The bulk waited %d ms for the cache to be repaired; ask again in a second",
                patienceMs));
      }
    }
  }

  private void run(List<PendingWrite> bulk) {
    underWay++;
    List<PendingWrite> tries = bulk.stream().map(each -> new PendingWrite(each.change())).toList();
    new BulkGroup(parts, tries, singly)
        .run()
        .onComplete(
            over -> {
              underWay--;
              start();
            });
    Future.join(tries.stream().map(each -> each.answer().future()).toList())
        .onComplete(all -> settle(bulk, tries));
  }

  private void settle(List<PendingWrite> bulk, List<PendingWrite> tries) {
    boolean made = tries.stream().anyMatch(each -> !isUnavailable(each));
    if (made) {
      troubledNanos = 0;
      metrics.grouped(bulk.size());
    } else if (troubledNanos == 0) {
      troubledNanos = System.nanoTime();
    }
    List<PendingWrite> held = new ArrayList<>();
    for (int i = 0; i < bulk.size(); i++) {
      PendingWrite each = bulk.get(i);
      if (isUnavailable(tries.get(i)) && isPatient(each)) {
        held.add(each);
      } else {
        tries.get(i).answer().future().onComplete(each.answer());
      }
    }
    if (!held.isEmpty()) {
      waiting.addFirst(held);
      pause();
    }
  }

  /** Whether nothing was written, and may be soon. */
  private static boolean isUnavailable(PendingWrite write) {
    return write.answer().future().cause() instanceof ProblemException problem
        && problem.problem() == Problem.UNAVAILABLE;
  }

  private boolean isPatient(PendingWrite write) {
    long troubledMs = troubledNanos == 0 ? 0 : (System.nanoTime() - troubledNanos) / 1_000_000;
    return !closed && write.ageMs() < patienceMs && troubledMs < patienceMs;
  }

  private void pause() {
    if (!pausing) {
      pausing = true;
      vertx.setTimer(
          LOOK_MS,
          tick -> {
            pausing = false;
            start();
          });
    }
  }

  private static List<Outcome> of(List<Future<Written>> answers) {
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
