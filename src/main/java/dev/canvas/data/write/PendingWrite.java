package dev.canvas.data.write;

import dev.canvas.media.Change;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Promise;

/** A change that waits to be made, and whoever waits for it. Belongs to one event loop. */
final class PendingWrite {

  /** Times that others may come first before the caller is told. */
  private static final int MAX_TRIES = 32;

  private final Change change;
  private final Promise<Written> answer = Promise.promise();
  private long beganNanos = System.nanoTime();
  private int tries;

  PendingWrite(Change change) {
    this.change = change;
  }

  Change change() {
    return change;
  }

  ProductId productId() {
    return change.productId();
  }

  Promise<Written> answer() {
    return answer;
  }

  long ageMs() {
    return (System.nanoTime() - beganNanos) / 1_000_000;
  }

  /** It goes another way, and has not waited there yet. */
  void beginAnew() {
    beganNanos = System.nanoTime();
  }

  /** Whether it may be tried once more; if not, the caller has been told. */
  boolean mayTryAgain() {
    if (++tries < MAX_TRIES) {
      return true;
    }
    answer.fail(
        Problem.WRITE_CONFLICT.because(
            "Product %s was changed by others %d times while this change was tried; ask again",
            productId(), MAX_TRIES));
    return false;
  }
}
