package dev.canvas.data.write;

import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import java.util.List;

/**
 * Answers the callers of a commit, not before no reader can get the state that it replaced. Belongs
 * to one event loop.
 */
final class WriteAcknowledger {

  private final ProcessState process;
  private final PendingRepairs repairs;
  private final UnknownCommitResolver resolver;

  WriteAcknowledger(ProcessState process, PendingRepairs repairs, UnknownCommitResolver resolver) {
    this.process = process;
    this.repairs = repairs;
    this.resolver = resolver;
  }

  /**
   * Answers at once: the cache has confirmed the install or the repair of the rows.
   *
   * @param keyPrefix under which it did; null if that is not certain
   */
  void acknowledge(CommitOutcome outcome, String keyPrefix) {
    process.confirmedInstalls().record(outcome.rows(), keyPrefix);
    for (int i = 0; i < outcome.rows().size(); i++) {
      // Again before the answer: an older value may have been cached here since the commit.
      process.near().invalidate(outcome.rows().get(i).productId());
      outcome.answer(i);
    }
  }

  /**
   * Answers changes that change nothing, at once: the cache has confirmed that it holds nothing
   * older than the state that they found.
   */
  void acknowledgeUnchanged(List<Decision> decisions) {
    for (Decision decision : decisions) {
      process.near().observe(decision.current());
      decision.answerUnchanged();
    }
  }

  /** The same when the cache has not confirmed it: another's write may not be repaired yet. */
  void acknowledgeUnchangedAfterRepair(List<Decision> decisions) {
    for (Decision decision : decisions) {
      Row row = decision.current();
      repairs
          .await(row.productId(), row.version())
          .onComplete(
              repaired -> decision.answerUnchanged(),
              closed -> failUnconfirmed(decision.pending()));
      process.near().observe(row);
    }
  }

  /**
   * Answers when no cache can show what was before the rows ({@link PendingRepairs}): the cache has
   * not confirmed them.
   */
  void acknowledgeAfterRepair(CommitOutcome outcome) {
    for (int i = 0; i < outcome.rows().size(); i++) {
      int index = i;
      Row row = outcome.rows().get(i);
      repairs
          .await(row.productId(), row.version())
          .onComplete(
              repaired -> outcome.answer(index),
              closed -> failUnconfirmed(outcome.committed().get(index).pending()));
      // In this order: once the minimum is raised, no older value enters the near cache.
      process.near().invalidate(row.productId());
    }
  }

  private static void failUnconfirmed(PendingWrite write) {
    write
        .answer()
        .fail(
            Problem.OUTCOME_UNKNOWN.because(
                "Product %s is written, but a reader may still get the state before that. Repeat the"
                    + " request if it is idempotent.",
                write.productId()));
  }

  /**
   * Answers that the outcome of a commit is unknown, and has it resolved in the background.
   *
   * @param token of the group's fence; null if it has none and its products are marked uncertain
   * @param advice what the caller can do, as a sentence
   */
  void reportUnknown(
      List<Decision> decisions,
      Writer.OutcomeUnknownException unknown,
      String token,
      String advice) {
    List<PendingWrite> writes = Decision.pending(decisions);
    List<ProductId> productIds = PendingWrite.productIds(writes);
    productIds.forEach(process.near()::invalidate);
    resolver.resolve(productIds, token, unknown.inFlightCommit());
    for (PendingWrite each : writes) {
      each.answer()
          .fail(
              Problem.OUTCOME_UNKNOWN.because(
                  "The store did not confirm the write of product %s (%s), which may have taken"
                      + " effect. %s",
                  each.productId(), unknown.getMessage(), advice));
    }
  }
}
