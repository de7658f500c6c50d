package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import io.vertx.core.Promise;

/**
 * A read on a {@link Lane}, with the promise of its answer. Belongs to the event loop that both
 * ends run on.
 */
final class LaneRequest {

  private final Lane lane;
  private final ProductId productId;
  private final Promise<Lookup> answer;
  private final long began = System.nanoTime();

  LaneRequest(Lane lane, ProductId productId, Promise<Lookup> answer) {
    this.lane = lane;
    this.productId = productId;
    this.answer = answer;
  }

  ProductId productId() {
    return productId;
  }

  long began() {
    return began;
  }

  /** Answers whoever asked; nothing where that has been done. */
  void answer(Lookup lookup) {
    lane.answered(this);
    answer.tryComplete(lookup);
  }

  /** Tells whoever asked of a problem. */
  void fail(Throwable problem) {
    lane.answered(this);
    answer.tryFail(problem);
  }
}
