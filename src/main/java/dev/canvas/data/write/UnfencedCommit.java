package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
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
 * Commits one group of changes of a bulk import without a fence. Most products of an import are not
 * cached, so it repairs the cache after the commit and before the answers instead, as the relay
 * does after changes made by SQL; that costs half. Between the commit and the repair this process
 * rejects cached values of these products. See {@code docs/adr/0012-bulk-import-without-fences.md}.
 *
 * <p>Belongs to one event loop.
 */
final class UnfencedCommit {

  private static final Logger LOG = LoggerFactory.getLogger(UnfencedCommit.class);

  private static final String ADVICE =
      "Send the line again: it changes nothing if it has taken effect.";

  private final BulkStore bulkStore;
  private final Cache cache;
  private final MinimumVersions minimumVersions;
  private final ItemIdAllocator itemIds;
  private final WriteAcknowledger acknowledger;
  private final Consumer<PendingWrite> singly;

  /**
   * @param singly commits the changes that have to be retried, each like a single write
   */
  UnfencedCommit(
      BulkStore bulkStore,
      Cache cache,
      MinimumVersions minimumVersions,
      ItemIdAllocator itemIds,
      WriteAcknowledger acknowledger,
      Consumer<PendingWrite> singly) {
    this.bulkStore = bulkStore;
    this.cache = cache;
    this.minimumVersions = minimumVersions;
    this.itemIds = itemIds;
    this.acknowledger = acknowledger;
    this.singly = singly;
  }

  /**
   * Reads, decides and commits. Completes when the cache has been repaired or given up; never
   * fails.
   *
   * @param pending of different products
   */
  Future<Void> commit(List<PendingWrite> pending) {
    Future<List<Row>> rows = bulkStore.select(PendingWrite.productIds(pending));
    Future<LongSupplier> ids = allocateItemIds(pending, rows);
    return Future.join(rows, ids)
        .transform(
            (read, failure) -> {
              if (failure != null) {
                PendingWrite.failAll(pending, failure);
                return Future.<Void>succeededFuture();
              }
              List<Decision> unchanged = new ArrayList<>();
              List<Decision> decisions =
                  Decision.decideAll(
                      pending, rows.result(), ids.result(), failed -> {}, unchanged::add);
              return Future.join(confirm(unchanged), commitDecisions(decisions)).mapEmpty();
            })
        .otherwise(
            bug -> {
              LOG.error("A group of {} imported changes failed unexpectedly", pending.size(), bug);
              PendingWrite.failAll(pending, PendingWrite.internalProblem());
              return null;
            });
  }

  /**
   * Answers changes that change nothing once the cache holds nothing older than what they found.
   */
  private Future<Void> confirm(List<Decision> unchanged) {
    if (unchanged.isEmpty()) {
      return Future.succeededFuture();
    }
    return cache
        .repair(unchanged.stream().map(each -> change(each.current())).toList())
        .onComplete(
            repaired -> acknowledger.acknowledgeUnchanged(unchanged),
            unreachable -> acknowledger.acknowledgeUnchangedAfterRepair(unchanged))
        .otherwiseEmpty();
  }

  private static CommittedVersion change(Row row) {
    return new CommittedVersion(row.productId(), row.version());
  }

  private Future<LongSupplier> allocateItemIds(List<PendingWrite> pending, Future<?> rows) {
    int newItems = 0;
    long highestImported = 0;
    for (PendingWrite each : pending) {
      newItems += each.change().newItems();
      if (each.change() instanceof Change.Import imported) {
        highestImported = Math.max(highestImported, imported.highestItemId());
      }
    }
    int count = newItems;
    return itemIds
        .reserveThrough(highestImported)
        .compose(reserved -> itemIds.allocate(count, rows));
  }

  private Future<Void> commitDecisions(List<Decision> decisions) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = PendingWrite.productIds(Decision.pending(decisions));
    minimumVersions.markUncertain(productIds);
    return bulkStore
        .commit(Decision.rowWrites(decisions))
        .transform(
            (result, failure) -> {
              if (failure instanceof Writer.OutcomeUnknownException unknown) {
                acknowledger.reportUnknown(decisions, unknown, null, ADVICE);
                return Future.succeededFuture();
              }
              Future<Void> done =
                  failure == null
                      ? finish(CommitOutcome.of(decisions, result))
                      : onFailure(decisions, failure);
              return done.onComplete(over -> minimumVersions.resolve(productIds));
            });
  }

  private Future<Void> finish(CommitOutcome outcome) {
    PendingWrite.failAll(outcome.refused(), PendingWrite.internalProblem());
    outcome.overtaken().forEach(this::retrySingly);
    List<CommittedVersion> changes = outcome.rows().stream().map(UnfencedCommit::change).toList();
    String keyPrefix = cache.keyPrefix();
    return cache
        .repair(changes)
        .onComplete(
            repaired -> acknowledger.acknowledge(outcome, keyPrefix),
            unreachable -> acknowledger.acknowledgeAfterRepair(outcome))
        .otherwiseEmpty();
  }

  /** Nothing was written. After a rejection each change goes singly, as only one may be bad. */
  private Future<Void> onFailure(List<Decision> decisions, Throwable failure) {
    if (failure instanceof Writer.RefusedException) {
      decisions.forEach(each -> retrySingly(each.pending()));
    } else {
      PendingWrite.failAll(Decision.pending(decisions), failure);
    }
    return Future.succeededFuture();
  }

  private void retrySingly(PendingWrite write) {
    if (write.mayRetry()) {
      singly.accept(write);
    }
  }
}
