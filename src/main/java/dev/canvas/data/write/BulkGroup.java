package dev.canvas.data.write;

import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer;
import dev.canvas.media.Change;
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
 * docs/adr/0012-bulk-import-without-fences.md}.
 *
 * <p>Belongs to one event loop.
 */
final class BulkGroup {

  private static final Logger LOG = LoggerFactory.getLogger(BulkGroup.class);

  private final WriteParts parts;
  private final CommitOutcome settling;
  private final List<PendingWrite> pending;
  private final Consumer<PendingWrite> singly;

  /**
   * @param pending of different products
   * @param singly takes those that have to be tried again
   */
  BulkGroup(WriteParts parts, List<PendingWrite> pending, Consumer<PendingWrite> singly) {
    this.parts = parts;
    this.settling =
        new CommitOutcome(parts, "Send the line again, which changes nothing where it was");
    this.pending = pending;
    this.singly = singly;
  }

  /** Completes when the commit is over and the cache repaired, or given up; never fails. */
  Future<Void> run() {
    Future<List<Row>> rows = parts.bulks().select(CommitOutcome.productIds(pending));
    Future<LongSupplier> itemIds = itemIds(rows);
    return Future.join(rows, itemIds)
        .transform(
            (read, failure) -> {
              if (failure != null) {
                CommitOutcome.fail(pending, failure);
                return Future.<Void>succeededFuture();
              }
              return commit(
                  CommitOutcome.decide(pending, rows.result(), itemIds.result(), over -> {}));
            })
        .otherwise(
            bug -> {
              LOG.error("A bulk of writes failed", bug);
              CommitOutcome.fail(pending, CommitOutcome.internal());
              return null;
            });
  }

  private Future<LongSupplier> itemIds(Future<?> rows) {
    int newItems = 0;
    long highestId = 0;
    for (PendingWrite each : pending) {
      newItems += each.change().newItems();
      if (each.change() instanceof Change.Import imported) {
        highestId = Math.max(highestId, imported.highestItemId());
      }
    }
    int count = newItems;
    return parts.itemIds().exceed(highestId).compose(above -> parts.itemIds().take(count, rows));
  }

  private Future<Void> commit(List<Decision> decisions) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = CommitOutcome.productIds(CommitOutcome.pending(decisions));
    parts.floors().doubt(productIds);
    return parts
        .bulks()
        .commit(CommitOutcome.writes(decisions))
        .transform(
            (commit, failure) -> {
              if (failure instanceof Writer.UnknownException unknown) {
                settling.unknown(decisions, unknown, null);
                return Future.succeededFuture();
              }
              Future<Void> over =
                  failure == null ? committed(decisions, commit) : notMade(decisions, failure);
              return over.onComplete(known -> parts.floors().know(productIds));
            });
  }

  private Future<Void> committed(List<Decision> decisions, Writer.Commit commit) {
    CommitOutcome.Sorted sorted = CommitOutcome.sort(decisions, commit);
    CommitOutcome.fail(sorted.refused(), CommitOutcome.internal());
    sorted.overtaken().forEach(this::again);
    List<PendingChange> changes = new ArrayList<>(sorted.rows().size());
    sorted.rows().forEach(row -> changes.add(new PendingChange(row.productId(), row.version())));
    String space = parts.cache().space();
    return parts
        .cache()
        .repair(changes)
        .onComplete(
            repaired -> settling.confirmed(sorted, space), away -> settling.unconfirmed(sorted))
        .otherwiseEmpty();
  }

  private Future<Void> notMade(List<Decision> decisions, Throwable failure) {
    if (failure instanceof Writer.RefusedException) {
      // A bad row shall not fail its neighbours.
      decisions.forEach(each -> again(each.pending()));
    } else {
      CommitOutcome.fail(CommitOutcome.pending(decisions), failure);
    }
    return Future.succeededFuture();
  }

  private void again(PendingWrite write) {
    if (write.mayTryAgain()) {
      write.beginAnew();
      singly.accept(write);
    }
  }
}
