package dev.canvas.bus;

import io.vertx.core.Promise;

/**
 * A request on a {@link Lane}, with the promise of its answer. Belongs to the event loop that both
 * ends run on.
 *
 * @param <Q> what is asked
 * @param <A> the answer
 */
final class LaneRequest<Q, A> {

  private final Lane<Q, A> lane;
  private final Q body;
  private final Promise<A> answer;
  private final long began = System.nanoTime();

  LaneRequest(Lane<Q, A> lane, Q body, Promise<A> answer) {
    this.lane = lane;
    this.body = body;
    this.answer = answer;
  }

  Q body() {
    return body;
  }

  long began() {
    return began;
  }

  /** Answers whoever asked; nothing where that has been done. */
  void answer(A given) {
    lane.answered(this);
    answer.tryComplete(given);
  }

  /** Tells whoever asked of a problem. */
  void fail(Throwable problem) {
    lane.answered(this);
    answer.tryFail(problem);
  }
}
