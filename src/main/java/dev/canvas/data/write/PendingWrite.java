package dev.canvas.data.write;

import dev.canvas.media.Change;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Promise;
import java.util.List;

/** A change that waits to be committed, and the answer to its caller. Belongs to one event loop. */
final class PendingWrite {

  /** Attempts before the caller gets a conflict, each lost to another writer. */
  private static final int MAX_ATTEMPTS = 32;

  private final Change change;
  private final Promise<Written> answer = Promise.promise();
  private final long createdNanos = System.nanoTime();
  private long waitsSince;
  private int attempts;

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

  long waitedMs() {
    return (System.nanoTime() - createdNanos) / 1_000_000;
  }

  /** The turn of the event loop since which it waits to be prepared. */
  long waitsSince() {
    return waitsSince;
  }

  void waitSince(long turn) {
    waitsSince = turn;
  }

  /**
   * Whether it may be attempted once more. If not, the caller has been answered with a conflict.
   */
  boolean mayRetry() {
    if (++attempts < MAX_ATTEMPTS) {
      return true;
    }
    answer.fail(
        Problem.WRITE_CONFLICT.because(
            "Other writers changed product %s during each of %d attempts; retry later",
            productId(), MAX_ATTEMPTS));
    return false;
  }

  static List<ProductId> productIds(List<PendingWrite> writes) {
    return writes.stream().map(PendingWrite::productId).toList();
  }

  /** Answers writes with a failure, except those that have an answer. */
  static void failAll(List<PendingWrite> writes, Throwable failure) {
    writes.forEach(each -> each.answer.tryFail(failure));
  }

  /** The problem of a write that failed for a reason that only the log tells. */
  static ProblemException internalProblem() {
    return Problem.INTERNAL.because("The store rejected the write; see the service's log");
  }
}
