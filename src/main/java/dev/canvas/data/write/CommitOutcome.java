package dev.canvas.data.write;

import dev.canvas.data.store.Row;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What becomes of the changes of a group, whichever way it is committed: they are worked out on the
 * rows that were read, sorted by what the store has made of them, and whoever waits is told.
 * Belongs to one event loop.
 */
final class CommitOutcome {

  private final WriteParts parts;
  private final String advice;

  /**
   * What a store has made of a group.
   *
   * @param made the changes that are durable
   * @param rows of them, each at its place
   * @param overtaken others have changed their products meanwhile
   * @param refused the store takes them from nobody
   */
  record Sorted(
      List<Decision> made,
      List<Row> rows,
      List<PendingWrite> overtaken,
      List<PendingWrite> refused) {}

  /**
   * @param advice what to do about a change that may have been made, as a sentence goes on
   */
  CommitOutcome(WriteParts parts, String advice) {
    this.parts = parts;
    this.advice = advice;
  }

  /**
   * Works changes out on their rows. Who cannot be served, or changes nothing, is told here.
   *
   * @param rows each at its change's place
   * @param over is given the changes that end here
   * @return the others
   */
  static List<Decision> decide(
      List<PendingWrite> pending,
      List<Row> rows,
      LongSupplier itemIds,
      Consumer<PendingWrite> over) {
    List<Decision> decisions = new ArrayList<>(pending.size());
    for (int i = 0; i < rows.size(); i++) {
      PendingWrite each = pending.get(i);
      try {
        Decision decision = Decision.on(rows.get(i), each, itemIds);
        if (!decision.isUnchanged()) {
          decisions.add(decision);
          continue;
        }
        each.answer().complete(decision.unchanged());
      } catch (ProblemException problem) {
        each.answer().fail(problem);
      }
      over.accept(each);
    }
    return decisions;
  }

  /** Sorts changes by what a commit has made of them. */
  static Sorted sort(List<Decision> decisions, Writer.Commit commit) {
    int size = decisions.size();
    Sorted sorted =
        new Sorted(
            new ArrayList<>(size), new ArrayList<>(size), new ArrayList<>(), new ArrayList<>());
    for (Decision decision : decisions) {
      ProductId productId = decision.current().productId();
      Long version = commit.versions().get(productId);
      if (version != null) {
        sorted.made.add(decision);
        sorted.rows.add(decision.rowAt(version));
      } else if (commit.refused().contains(productId)) {
        sorted.refused.add(decision.pending());
      } else {
        sorted.overtaken.add(decision.pending());
      }
    }
    return sorted;
  }

  /**
   * The cache has been told of rows, or has lost what it had.
   *
   * @param space the part of the cache that has confirmed it
   */
  void confirmed(Sorted sorted, String space) {
    parts.installed().confirmed(sorted.rows, space);
    for (int i = 0; i < sorted.rows.size(); i++) {
      // Before anybody is told: what is old may have come in since the commit.
      parts.near().invalidate(sorted.rows.get(i).productId());
      tell(sorted, i);
    }
  }

  /** The cache could not be told: callers are when the relay has repaired it. */
  void unconfirmed(Sorted sorted) {
    sorted.rows.forEach(row -> parts.floors().raise(row.productId(), row.version()));
    // After the floors are up: what is old enters the near cache no more.
    sorted.rows.forEach(row -> parts.near().invalidate(row.productId()));
    for (int i = 0; i < sorted.rows.size(); i++) {
      int place = i;
      Row row = sorted.rows.get(i);
      parts
          .repairs()
          .repaired(row.productId(), row.version())
          .onSuccess(repaired -> tell(sorted, place));
    }
  }

  private static void tell(Sorted sorted, int place) {
    Decision decision = sorted.made.get(place);
    decision.pending().answer().complete(decision.written(sorted.rows.get(place)));
  }

  /**
   * Nobody knows what has become of changes.
   *
   * @param token of their fence; null where there is none, and they are in doubt here
   */
  void unknown(List<Decision> decisions, Writer.UnknownException unknown, String token) {
    List<ProductId> unsure = productIds(pending(decisions));
    unsure.forEach(parts.near()::invalidate);
    parts.aftermath().keep(unsure, token, unknown.worker());
    for (PendingWrite each : pending(decisions)) {
      each.answer()
          .fail(
              Problem.OUTCOME_UNKNOWN.because(
                  "The store did not confirm the write of product %s (%s): it may have been made."
                      + " %s",
                  each.productId(), unknown.getMessage(), advice));
    }
  }

  static void fail(List<PendingWrite> writes, Throwable failure) {
    writes.forEach(each -> each.answer().tryFail(failure));
  }

  /** What a caller is told whose reason is in the log. */
  static ProblemException internal() {
    return Problem.INTERNAL.because(
        "The store refused the write; its reason is in the service's log");
  }

  static List<ProductId> productIds(List<PendingWrite> writes) {
    return writes.stream().map(PendingWrite::productId).toList();
  }

  static List<PendingWrite> pending(List<Decision> decisions) {
    return decisions.stream().map(Decision::pending).toList();
  }

  static List<RowWrite> writes(List<Decision> decisions) {
    return decisions.stream().map(Decision::write).toList();
  }
}
