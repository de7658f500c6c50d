package dev.canvas.data.connection;

import dev.canvas.loop.LoopTimer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeoutException;

/**
 * Fails the answers of one server that do not arrive in time. Only time in which this event loop
 * could have read the answer counts: a loop that is late must not mistake its own lateness for the
 * death of the server, drop a healthy connection, and so make itself later still.
 *
 * <p>Time is counted in slices of a tenth of the limit. One timer per slice runs while answers are
 * outstanding. An event loop reads what its sockets hold before it runs timers, so each slice that
 * has passed stands for one turn in which the answer could have been read, and counts once, however
 * long that turn took. On a punctual loop the limit is exact to a slice; on a late one it stretches
 * with the lateness.
 *
 * <p>A server that still answers other commands of the connection is alive: an answer behind them
 * may take up to {@value #PATIENCE} times the limit.
 *
 * <p>Belongs to one event loop.
 */
final class AnswerDeadline {

  /** An answer did not arrive in time. Has no stack trace, because an outage brings many. */
  static final class LateException extends TimeoutException {

    LateException(Duration limit) {
      super("no answer within " + limit.toMillis() + " ms");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  private static final int SLICES = 10;

  /** How many times the limit an answer may take while the server answers others. */
  static final int PATIENCE = 4;

  private static final class Outstanding {
    private final Promise<?> promise;
    private final long sentSlice;
    private boolean answered;

    Outstanding(Promise<?> promise, long sentSlice) {
      this.promise = promise;
      this.sentSlice = sentSlice;
    }
  }

  private final Duration limit;
  private final LoopTimer slices;

  /** In the order in which they were sent; answered ones leave when they reach the head. */
  private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();

  private long slice;
  private long lastAnswerSlice;

  /** Waits for the next answer of a silent server; null if nobody does. */
  private Promise<Void> sign;

  private long lastSlice;

  /**
   * @param limit how long an answer may take, 10 ms or more
   */
  AnswerDeadline(Vertx vertx, Duration limit) {
    this.limit = limit;
    this.slices = new LoopTimer(vertx, Math.max(1, limit.toMillis() / SLICES), this::endSlice);
  }

  /**
   * Completes with an answer, or fails with {@link LateException}, on this event loop. {@code
   * Future.timeout} would complete on a thread of its own if the future belongs to no context, as a
   * composite one does.
   */
  <T> Future<T> within(Future<T> answer) {
    if (answer.isComplete()) {
      return answer;
    }
    Promise<T> inTime = Promise.promise();
    Outstanding entry = new Outstanding(inTime, slice);
    outstanding.add(entry);
    slices.start();
    answer.onComplete(
        result -> {
          markAnswered(entry);
          inTime.tryComplete(result);
          if (sign != null) {
            takeSign().complete();
          }
        },
        failure -> {
          markAnswered(entry);
          inTime.tryFail(failure);
        });
    return inTime.future();
  }

  /**
   * Waits for a sign of life of a server that has just let an answer be late: completes with the
   * next answer, however late it is, or fails when the server has been silent for {@link #PATIENCE}
   * times the limit in all. Only the last call is answered.
   */
  Future<Void> sign() {
    sign = Promise.promise();
    lastSlice = slice + (PATIENCE - 1) * SLICES;
    slices.start();
    return sign.future();
  }

  private Promise<Void> takeSign() {
    Promise<Void> taken = sign;
    sign = null;
    return taken;
  }

  private void markAnswered(Outstanding entry) {
    entry.answered = true;
    lastAnswerSlice = slice;
    removeAnswered();
  }

  private void removeAnswered() {
    while (!outstanding.isEmpty() && outstanding.peek().answered) {
      outstanding.poll();
    }
  }

  /** Returns whether an answer is outstanding. */
  private boolean endSlice() {
    slice++;
    removeAnswered();
    while (!outstanding.isEmpty() && isLate(outstanding.peek())) {
      outstanding.poll().promise.tryFail(new LateException(limit));
      removeAnswered();
    }
    if (sign != null && slice > lastSlice) {
      takeSign().fail(new LateException(limit.multipliedBy(PATIENCE)));
    }
    return !outstanding.isEmpty() || sign != null;
  }

  /** The first slice is a part of one, so one more has to pass. */
  private boolean isLate(Outstanding oldest) {
    long waited = slice - oldest.sentSlice;
    boolean silent = slice - lastAnswerSlice > SLICES;
    return waited > (silent ? SLICES : PATIENCE * SLICES);
  }
}
