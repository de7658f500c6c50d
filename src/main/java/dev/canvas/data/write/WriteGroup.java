package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
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
 * Changes of different products that are prepared and committed together:
 *
 * <ol>
 *   <li>The products are fenced in the cache, and their rows read.
 *   <li>Each change is worked out on its row. What cannot be done, or changes nothing, ends here.
 *   <li>The rows are committed when it is their turn, each only if it is still the one that was
 *       read. One that is not is tried again in another group.
 *   <li>The rows are installed in the cache, and only then is anybody told: who reads after that
 *       finds them, or the fence, or nothing. Where the fence could not be set, they are told when
 *       the relay has repaired the cache.
 * </ol>
 *
 * <p>Belongs to one event loop.
 */
final class WriteGroup {

  private static final Logger LOG = LoggerFactory.getLogger(WriteGroup.class);

  private final WriteParts parts;
  private final CommitOutcome settling;
  private final CommitQueue turns;
  private final List<PendingWrite> pending;
  private final String token;
  private final Consumer<PendingWrite> again;
  private List<Decision> decisions = List.of();
  private boolean fenced;

  /** Whose readers miss what the fence took away. */
  private Set<ProductId> wanted = Set.of();

  /**
   * @param turns when rows are committed
   * @param pending of different products
   * @param token used for no other group
   * @param again takes those that have to be tried again
   */
  WriteGroup(
      WriteParts parts,
      CommitQueue turns,
      List<PendingWrite> pending,
      String token,
      Consumer<PendingWrite> again) {
    this.parts = parts;
    this.settling =
        new CommitOutcome(parts, "Read the product, or repeat the request if it can be repeated");
    this.turns = turns;
    this.pending = pending;
    this.token = token;
    this.again = again;
  }

  /** Fences, reads, and works out what is to be written; never fails. */
  Future<Void> prepare() {
    Future<Optional<Set<ProductId>>> fence = fence();
    Future<List<Row>> rows =
        Future.all(pending.stream().map(each -> parts.store().select(each.productId())).toList())
            .map(selected -> selected.<Row>list());
    int newItems = pending.stream().mapToInt(each -> each.change().newItems()).sum();
    Future<LongSupplier> itemIds = parts.itemIds().take(newItems, rows);
    return Future.join(fence, rows, itemIds)
        .transform(
            (read, failure) -> {
              fenced = fence.result().isPresent();
              wanted = fence.result().orElse(Set.of());
              if (failure != null) {
                return giveUp(pending, failure);
              }
              List<PendingWrite> over = new ArrayList<>();
              decisions = CommitOutcome.decide(pending, rows.result(), itemIds.result(), over::add);
              takeFenceDown(over);
              return Future.<Void>succeededFuture();
            })
        .otherwise(this::failed);
  }

  /**
   * Commits what was prepared. Completes when that is over, whatever came of it, and the cache has
   * it, or has been given up; never fails. The products' next fences find none of this group then.
   */
  Future<Void> commit() {
    return commit(decisions, turns::commit).otherwise(this::failed);
  }

  private Void failed(Throwable bug) {
    LOG.error("A group of writes failed", bug);
    CommitOutcome.fail(pending, CommitOutcome.internal());
    return null;
  }

  /** Which of the products the cache had; empty where it could not be told. */
  private Future<Optional<Set<ProductId>>> fence() {
    if (!parts.cache().isUp()) {
      return Future.succeededFuture(Optional.empty());
    }
    return parts
        .cache()
        .fence(CommitOutcome.productIds(pending), token)
        .map(Optional::of)
        .otherwise(Optional.empty());
  }

  private Future<Void> commit(
      List<Decision> decisions, Function<List<RowWrite>, Future<Writer.Commit>> writer) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = CommitOutcome.productIds(CommitOutcome.pending(decisions));
    if (!fenced) {
      parts.floors().doubt(productIds);
    }
    return writer
        .apply(CommitOutcome.writes(decisions))
        .transform(
            (commit, failure) -> {
              if (failure instanceof Writer.UnknownException unknown) {
                settling.unknown(decisions, unknown, fenced ? token : null);
                return Future.succeededFuture();
              }
              Future<Void> over =
                  failure == null ? committed(decisions, commit) : notMade(decisions, failure);
              if (!fenced) {
                parts.floors().know(productIds);
              }
              return over;
            });
  }

  private Future<Void> committed(List<Decision> decisions, Writer.Commit commit) {
    CommitOutcome.Sorted sorted = CommitOutcome.sort(decisions, commit);
    giveUp(sorted.refused(), CommitOutcome.internal());
    takeFenceDown(sorted.overtaken());
    sorted.overtaken().stream().filter(PendingWrite::mayTryAgain).forEach(again);
    if (!fenced) {
      settling.unconfirmed(sorted);
      return Future.succeededFuture();
    }
    String space = parts.cache().space();
    return parts
        .cache()
        .install(sorted.rows().stream().map(this::installation).toList(), token)
        .onComplete(
            installed -> settling.confirmed(sorted, space),
            // The fence may be gone with the server that had it.
            away -> settling.unconfirmed(sorted))
        .otherwiseEmpty();
  }

  /** A bad row shall not fail its neighbours, so each is tried alone. */
  private Future<Void> notMade(List<Decision> decisions, Throwable failure) {
    if (!(failure instanceof Writer.RefusedException refusal)) {
      return giveUp(CommitOutcome.pending(decisions), failure);
    }
    if (decisions.size() > 1) {
      return Future.join(
              decisions.stream()
                  .map(each -> commit(List.of(each), parts.writer()::commit))
                  .toList())
          .mapEmpty();
    }
    PendingWrite alone = decisions.get(0).pending();
    takeFenceDown(List.of(alone));
    if (!refusal.isPassing()) {
      LOG.error("The store refused the write of product {}", alone.productId(), refusal);
      alone.answer().fail(CommitOutcome.internal());
    } else if (alone.mayTryAgain()) {
      again.accept(alone);
    }
    return Future.succeededFuture();
  }

  private Future<Void> giveUp(List<PendingWrite> writes, Throwable failure) {
    takeFenceDown(writes);
    CommitOutcome.fail(writes, failure);
    return Future.succeededFuture();
  }

  /** Nothing was written under it. */
  private void takeFenceDown(List<PendingWrite> writes) {
    if (fenced && !writes.isEmpty()) {
      parts
          .cache()
          .install(
              CommitOutcome.productIds(writes).stream().map(Cache.Installation::nothing).toList(),
              token);
    }
  }

  private Cache.Installation installation(Row row) {
    return new Cache.Installation(
        row.productId(), Optional.of(row), wanted.contains(row.productId()));
  }
}
