package dev.canvas.data.write;

import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of a group, sorted by what the store did with them. Immutable.
 *
 * @param committed the changes that are durable
 * @param rows the new rows, in the order of {@code committed}
 * @param overtaken the changes whose product another writer has changed since it was read
 * @param refused the changes that the store rejects from any writer
 */
record CommitOutcome(
    List<Decision> committed,
    List<Row> rows,
    List<PendingWrite> overtaken,
    List<PendingWrite> refused) {

  static CommitOutcome of(List<Decision> decisions, Writer.CommitResult result) {
    int size = decisions.size();
    CommitOutcome outcome =
        new CommitOutcome(
            new ArrayList<>(size), new ArrayList<>(size), new ArrayList<>(), new ArrayList<>());
    for (Decision decision : decisions) {
      ProductId productId = decision.current().productId();
      Long version = result.versions().get(productId);
      if (version != null) {
        outcome.committed.add(decision);
        outcome.rows.add(decision.rowAt(version));
      } else if (result.refused().contains(productId)) {
        outcome.refused.add(decision.pending());
      } else {
        outcome.overtaken.add(decision.pending());
      }
    }
    return outcome;
  }

  /** Answers the caller of one committed change. */
  void answer(int index) {
    Decision decision = committed.get(index);
    decision.pending().answer().complete(decision.written(rows.get(index)));
  }
}
