package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of a bulk, of different products, that are committed together. They are not announced to
 * the cache as those of a {@link WriteGroup} are, but repaired there after the commit and before
 * anybody is told, as the relay repairs what SQL has changed: most of the products of a bulk are in
 * no cache, and it costs half. Meanwhile this process does not believe the cache. See {@code
 * docs/adr/0012-bulk-import-repairs-the-cache.md}.
 *
 * <p>Belongs to one event loop.
 */
final class BulkGroup {

  private static final Logger LOG = LoggerFactory.getLogger(BulkGroup.class);

  private final WriteParts parts;
  private final List<PendingWrite> pending;
  private final Consumer<PendingWrite> singly;

  /**
   * @param pending of different products
   * @param singly takes those that have to be tried again
   */
  BulkGroup(WriteParts parts, List<PendingWrite> pending, Consumer<PendingWrite> singly) {
    this.parts = parts;
    this.pending = pending;
    this.singly = singly;
  }

  /** Completes when the commit is over and the cache repaired, or given up; never fails. */
  Future<Void> run() {
    int newItems = 0;
    long highestId = 0;
    List<Future<Row>> selects = new ArrayList<>(pending.size());
    for (PendingWrite each : pending) {
      selects.add(parts.store().select(each.productId()));
      newItems += each.change().newItems();
      if (each.change() instanceof Change.Import imported) {
        highestId = Math.max(highestId, imported.highestItemId());
      }
    }
    int count = newItems;
    Future<?> rows = Future.all(selects);
    Future<LongSupplier> itemIds =
        parts.itemIds().exceed(highestId).compose(above -> parts.itemIds().take(count, rows));
    return Future.join(rows, itemIds)
        .transform(
            (read, failure) ->
                failure == null ? commit(decide(selects, itemIds.result())) : giveUp(failure))
        .otherwise(
            bug -> {
              LOG.error("A bulk of writes failed", bug);
              pending.forEach(each -> each.answer().tryFail(internal()));
              return null;
            });
  }

  private List<Decision> decide(List<Future<Row>> selects, LongSupplier itemIds) {
    List<Decision> decisions = new ArrayList<>(pending.size());
    for (int i = 0; i < selects.size(); i++) {
      PendingWrite each = pending.get(i);
      try {
        Decision decision = Decision.on(selects.get(i).result(), each, itemIds);
        if (decision.isUnchanged()) {
          each.answer().complete(decision.unchanged());
        } else {
          decisions.add(decision);
        }
      } catch (ProblemException problem) {
        each.answer().fail(problem);
      }
    }
    return decisions;
  }

  private Future<Void> commit(List<Decision> decisions) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = productIds(decisions);
    parts.floors().doubt(productIds);
    return parts
        .writer()
        .commitMany(decisions.stream().map(Decision::write).toList())
        .transform(
            (commit, failure) -> {
              if (failure instanceof Writer.UnknownException unknown) {
                outcomeUnknown(decisions, unknown);
                return Future.succeededFuture();
              }
              Future<Void> over =
                  failure == null ? committed(decisions, commit) : notMade(decisions, failure);
              return over.onComplete(known -> parts.floors().know(productIds));
            });
  }

  private Future<Void> committed(List<Decision> decisions, Writer.Commit commit) {
    List<Decision> made = new ArrayList<>(decisions.size());
    List<Row> rows = new ArrayList<>(decisions.size());
    List<PendingChange> changes = new ArrayList<>(decisions.size());
    for (Decision decision : decisions) {
      ProductId productId = decision.current().productId();
      Long version = commit.versions().get(productId);
      if (version != null) {
        made.add(decision);
        rows.add(decision.rowAt(version));
        changes.add(new PendingChange(productId, version));
      } else if (commit.refused().contains(productId)) {
        decision.pending().answer().fail(internal());
      } else {
        again(decision.pending());
      }
    }
    String space = parts.cache().space();
    return parts
        .cache()
        .repair(changes)
        .transform(
            (repaired, away) -> {
              if (away == null) {
                parts.installed().confirmed(rows, space);
              }
              for (int i = 0; i < rows.size(); i++) {
                settle(made.get(i), rows.get(i), away == null);
              }
              return Future.succeededFuture();
            });
  }

  /** Tells that a row is durable, once nobody reads what was before. */
  private void settle(Decision decision, Row row, boolean repaired) {
    ProductId productId = row.productId();
    if (repaired) {
      parts.near().invalidate(productId);
      decision.pending().answer().complete(decision.written(row));
      return;
    }
    parts.floors().raise(productId, row.version());
    // After the floor is up: what is old enters the near cache no more.
    parts.near().invalidate(productId);
    parts
        .repairs()
        .repaired(productId, row.version())
        .onSuccess(relayed -> decision.pending().answer().complete(decision.written(row)));
  }

  private Future<Void> notMade(List<Decision> decisions, Throwable failure) {
    if (failure instanceof Writer.RefusedException) {
      // A bad row shall not fail its neighbours.
      decisions.forEach(each -> again(each.pending()));
    } else {
      decisions.forEach(each -> each.pending().answer().fail(failure));
    }
    return Future.succeededFuture();
  }

  private void again(PendingWrite write) {
    if (write.mayTryAgain()) {
      singly.accept(write);
    }
  }

  private void outcomeUnknown(List<Decision> decisions, Writer.UnknownException unknown) {
    List<ProductId> unsure = productIds(decisions);
    unsure.forEach(parts.near()::invalidate);
    parts.aftermath().keep(unsure, null, unknown.worker());
    for (Decision decision : decisions) {
      decision
          .pending()
          .answer()
          .fail(
              Problem.OUTCOME_UNKNOWN.because(
                  "The store did not confirm the write of product %s (%s): it may have been made."
                      + " Send the line again, which changes nothing where it was",
                  decision.current().productId(), unknown.getMessage()));
    }
  }

  private Future<Void> giveUp(Throwable failure) {
    pending.forEach(each -> each.answer().tryFail(failure));
    return Future.succeededFuture();
  }

  private static List<ProductId> productIds(List<Decision> decisions) {
    return decisions.stream().map(each -> each.current().productId()).toList();
  }

  private static ProblemException internal() {
    return Problem.INTERNAL.because(
        "The store refused the write; its reason is in the service's log");
  }
}
