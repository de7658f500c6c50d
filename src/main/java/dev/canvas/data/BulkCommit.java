package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Commits the changes of bulks, a {@link BulkGroup} each. They share the connection with those that
 * come singly, which wait for what is under way here and for nothing more. Belongs to one event
 * loop.
 */
final class BulkCommit {

  /** One is committed while another is read or taken to the cache. */
  private static final int MAX_UNDER_WAY = 2;

  /** Bulks that may wait; more are told to come again at once. */
  private static final int MAX_WAITING = 64;

  /** Who has waited longer is answered before its caller gives up. */
  private static final int MAX_WAIT_MS = 700;

  private static final long LOOK_MS = 20;

  private final Vertx vertx;
  private final WriteParts parts;
  private final WriteMetrics metrics;
  private final Consumer<PendingWrite> singly;
  private final Deque<List<PendingWrite>> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean starting;

  /**
   * @param singly makes changes that others have overtaken, or that the store has refused together
   */
  BulkCommit(Vertx vertx, WriteParts parts, WriteMetrics metrics, Consumer<PendingWrite> singly) {
    this.vertx = vertx;
    this.parts = parts;
    this.metrics = metrics;
    this.singly = singly;
  }

  /** Makes changes; the answer comes when all are durable that are made. */
  Future<List<Outcome>> write(List<Change> changes) {
    List<PendingWrite> pending = new ArrayList<>(changes.size());
    List<Future<Written>> answers = new ArrayList<>(changes.size());
    for (Change change : changes) {
      PendingWrite write = new PendingWrite(change);
      pending.add(write);
      answers.add(write.answer().future().onComplete(metrics));
    }
    if (waiting.size() >= MAX_WAITING) {
      refuse(pending, "Too many bulks wait; ask again in a second");
    } else if (!pending.isEmpty()) {
      waiting.add(pending);
      start();
    }
    return Future.join(answers).transform((all, failure) -> Future.succeededFuture(of(answers)));
  }

  private void start() {
    while (underWay < MAX_UNDER_WAY && !waiting.isEmpty()) {
      if (waiting.peek().get(0).ageMs() > MAX_WAIT_MS) {
        refuse(
            waiting.remove(),
            "The bulk waited too long for others, or for the cache to be repaired; ask again in a"
                + " second");
      } else if (parts.repairs().isFull()) {
        startLater();
        return;
      } else {
        List<PendingWrite> next = waiting.remove();
        underWay++;
        metrics.grouped(next.size());
        new BulkGroup(parts, next, singly)
            .run()
            .onComplete(
                over -> {
                  underWay--;
                  start();
                });
      }
    }
  }

  /** The relay works off what waits for it. */
  private void startLater() {
    if (!starting) {
      starting = true;
      vertx.setTimer(
          LOOK_MS,
          tick -> {
            starting = false;
            start();
          });
    }
  }

  private static void refuse(List<PendingWrite> pending, String reason) {
    pending.forEach(each -> each.answer().fail(Problem.UNAVAILABLE.because(reason)));
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
