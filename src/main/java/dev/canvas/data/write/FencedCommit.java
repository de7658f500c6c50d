package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares and commits one group of changes, the stages that {@link GroupCommit} schedules:
 *
 * <ol>
 *   <li>Fence the products in the cache, and read their rows at the same time.
 *   <li>Decide each change on its row. One that fails is answered here. One that changes nothing is
 *       answered when the cache holds nothing older than the row: another's write may have made it.
 *   <li>Commit the rows when it is the group's turn, each only if it still has the version that was
 *       read. A change that was overtaken is retried in another group.
 *   <li>Install the rows in the cache, then answer. A read after the answer finds the new row, a
 *       fence, or nothing. If the fence could not be set, answer after the relay's repair instead.
 * </ol>
 *
 * <p>Belongs to one event loop.
 */
final class FencedCommit {

  private static final Logger LOG = LoggerFactory.getLogger(FencedCommit.class);

  private static final String ADVICE =
      "Read the product to find out, or repeat the request if it is idempotent.";

  /**
   * A group that is ready to be committed. Immutable.
   *
   * @param token of its fence, used for no other group
   * @param fenced whether the fence was set
   * @param wanted the products that were being read when they were fenced
   */
  record Prepared(String token, boolean fenced, Set<ProductId> wanted, List<Decision> decisions) {}

  private final Store store;
  private final Writer writer;
  private final CommitQueue queue;
  private final Cache cache;
  private final MinimumVersions minimumVersions;
  private final ItemIdAllocator itemIds;
  private final WriteAcknowledger acknowledger;
  private final Consumer<PendingWrite> retry;

  /**
   * @param queue decides when rows are committed
   * @param retry receives the changes that have to be prepared again
   */
  FencedCommit(
      StoreFactory.Connections stores,
      CommitQueue queue,
      Cache cache,
      MinimumVersions minimumVersions,
      ItemIdAllocator itemIds,
      WriteAcknowledger acknowledger,
      Consumer<PendingWrite> retry) {
    this.store = stores.store();
    this.writer = stores.writer();
    this.queue = queue;
    this.cache = cache;
    this.minimumVersions = minimumVersions;
    this.itemIds = itemIds;
    this.acknowledger = acknowledger;
    this.retry = retry;
  }

  /**
   * Fences, reads and decides; never fails.
   *
   * @param pending of different products
   * @param token used for no other group
   */
  Future<Prepared> prepare(List<PendingWrite> pending, String token) {
    Future<Optional<Set<ProductId>>> fence = fence(pending, token);
    Future<List<Row>> rows =
        Future.all(pending.stream().map(each -> store.selectForChange(each.productId())).toList())
            .map(selected -> selected.<Row>list());
    int newItems = pending.stream().mapToInt(each -> each.change().newItems()).sum();
    Future<LongSupplier> ids = itemIds.allocate(newItems, rows);
    return Future.join(fence, rows, ids)
        .transform(
            (read, failure) -> {
              boolean fenced = fence.result().isPresent();
              Set<ProductId> wanted = fence.result().orElse(Set.of());
              Prepared empty = new Prepared(token, fenced, wanted, List.of());
              if (failure != null) {
                fail(empty, pending, failure);
                return Future.succeededFuture(empty);
              }
              List<PendingWrite> failed = new ArrayList<>();
              List<Decision> unchanged = new ArrayList<>();
              List<Decision> decisions =
                  Decision.decideAll(
                      pending, rows.result(), ids.result(), failed::add, unchanged::add);
              removeFence(empty, failed);
              confirm(empty, unchanged);
              return Future.succeededFuture(new Prepared(token, fenced, wanted, decisions));
            })
        .otherwise(
            bug -> {
              failInternally(pending, bug);
              return new Prepared(token, false, Set.of(), List.of());
            });
  }

  /**
   * Commits a prepared group; never fails. Completes when the cache has the result or has been
   * given up, so that the next fence of these products finds nothing of this group.
   */
  Future<Void> commit(Prepared group) {
    return commit(group, group.decisions, queue::commit)
        .otherwise(
            bug -> {
              failInternally(Decision.pending(group.decisions), bug);
              return null;
            });
  }

  private static void failInternally(List<PendingWrite> writes, Throwable bug) {
    LOG.error("A group of {} writes failed unexpectedly", writes.size(), bug);
    PendingWrite.failAll(writes, PendingWrite.internalProblem());
  }

  /** Completes with the products that are being read; empty if the fence could not be set. */
  private Future<Optional<Set<ProductId>>> fence(List<PendingWrite> pending, String token) {
    if (!cache.isUp()) {
      return Future.succeededFuture(Optional.empty());
    }
    return cache
        .fence(PendingWrite.productIds(pending), token)
        .map(Optional::of)
        .otherwise(Optional.empty());
  }

  private Future<Void> commit(
      Prepared group,
      List<Decision> decisions,
      Function<List<RowWrite>, Future<Writer.CommitResult>> send) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = PendingWrite.productIds(Decision.pending(decisions));
    if (!group.fenced) {
      minimumVersions.markUncertain(productIds);
    }
    return send.apply(Decision.rowWrites(decisions))
        .transform(
            (result, failure) -> {
              if (failure instanceof Writer.OutcomeUnknownException unknown) {
                acknowledger.reportUnknown(
                    decisions, unknown, group.fenced ? group.token : null, ADVICE);
                return Future.succeededFuture();
              }
              Future<Void> done =
                  failure == null
                      ? finish(group, CommitOutcome.of(decisions, result))
                      : onFailure(group, decisions, failure);
              if (!group.fenced) {
                minimumVersions.resolve(productIds);
              }
              return done;
            });
  }

  private Future<Void> finish(Prepared group, CommitOutcome outcome) {
    fail(group, outcome.refused(), PendingWrite.internalProblem());
    removeFence(group, outcome.overtaken());
    outcome.overtaken().stream().filter(PendingWrite::mayRetry).forEach(retry);
    if (!group.fenced) {
      acknowledger.acknowledgeAfterRepair(outcome);
      return Future.succeededFuture();
    }
    String keyPrefix = cache.keyPrefix();
    return cache
        .install(
            outcome.rows().stream().map(row -> installation(row, group.wanted)).toList(),
            group.token)
        .onComplete(
            installed -> acknowledger.acknowledge(outcome, keyPrefix),
            // The fence may have been lost together with the server.
            unreachable -> acknowledger.acknowledgeAfterRepair(outcome))
        .otherwiseEmpty();
  }

  /** Nothing was written. After a rejection each change is tried alone, as only one may be bad. */
  private Future<Void> onFailure(Prepared group, List<Decision> decisions, Throwable failure) {
    if (!(failure instanceof Writer.RefusedException refusal)) {
      fail(group, Decision.pending(decisions), failure);
      return Future.succeededFuture();
    }
    if (decisions.size() > 1) {
      return Future.join(
              decisions.stream().map(each -> commit(group, List.of(each), writer::commit)).toList())
          .mapEmpty();
    }
    PendingWrite single = decisions.get(0).pending();
    removeFence(group, List.of(single));
    if (!refusal.isTransient()) {
      LOG.error("The store rejected the write of product {}", single.productId(), refusal);
      single.answer().fail(PendingWrite.internalProblem());
    } else if (single.mayRetry()) {
      retry.accept(single);
    }
    return Future.succeededFuture();
  }

  private void fail(Prepared group, List<PendingWrite> writes, Throwable failure) {
    removeFence(group, writes);
    PendingWrite.failAll(writes, failure);
  }

  /**
   * Answers changes that change nothing. The removal of their fence takes an older value with it,
   * if the fence was lost.
   */
  private void confirm(Prepared group, List<Decision> unchanged) {
    if (unchanged.isEmpty()) {
      return;
    }
    if (!group.fenced) {
      acknowledger.acknowledgeUnchangedAfterRepair(unchanged);
      return;
    }
    cache
        .install(
            unchanged.stream().map(each -> installation(each.current(), Set.of())).toList(),
            group.token)
        .onComplete(
            removed -> acknowledger.acknowledgeUnchanged(unchanged),
            unreachable -> acknowledger.acknowledgeUnchangedAfterRepair(unchanged));
  }

  /** Removes the fence of products that were not written. */
  private void removeFence(Prepared group, List<PendingWrite> writes) {
    if (group.fenced && !writes.isEmpty()) {
      cache.install(
          PendingWrite.productIds(writes).stream().map(Cache.Installation::nothing).toList(),
          group.token);
    }
  }

  private static Cache.Installation installation(Row row, Set<ProductId> wanted) {
    return new Cache.Installation(
        row.productId(), Optional.of(row), wanted.contains(row.productId()));
  }
}
