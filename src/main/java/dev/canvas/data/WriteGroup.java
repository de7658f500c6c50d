package dev.canvas.data;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
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
  private final CommitTurns turns;
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
      CommitTurns turns,
      List<PendingWrite> pending,
      String token,
      Consumer<PendingWrite> again) {
    this.parts = parts;
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
              decisions = decide(rows.result(), itemIds.result());
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
    pending.forEach(each -> each.answer().tryFail(internal()));
    return null;
  }

  /** Which of the products the cache had; empty where it could not be told. */
  private Future<Optional<Set<ProductId>>> fence() {
    if (!parts.cache().isUp()) {
      return Future.succeededFuture(Optional.empty());
    }
    return parts
        .cache()
        .fence(productIds(pending), token)
        .map(Optional::of)
        .otherwise(Optional.empty());
  }

  private List<Decision> decide(List<Row> rows, LongSupplier itemIds) {
    List<Decision> decisions = new ArrayList<>();
    List<PendingWrite> over = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PendingWrite each = pending.get(i);
      try {
        Decision decision = Decision.on(rows.get(i), each, itemIds);
        if (decision.isUnchanged()) {
          each.answer().complete(decision.unchanged());
          over.add(each);
        } else {
          decisions.add(decision);
        }
      } catch (ProblemException problem) {
        each.answer().fail(problem);
        over.add(each);
      }
    }
    takeFenceDown(over);
    return decisions;
  }

  private Future<Void> commit(
      List<Decision> decisions, Function<List<RowWrite>, Future<Writer.Commit>> writer) {
    if (decisions.isEmpty()) {
      return Future.succeededFuture();
    }
    List<ProductId> productIds = productIds(pending(decisions));
    if (!fenced) {
      parts.floors().doubt(productIds);
    }
    return writer
        .apply(decisions.stream().map(Decision::write).toList())
        .transform(
            (commit, failure) -> {
              if (failure instanceof Writer.UnknownException unknown) {
                outcomeUnknown(decisions, unknown);
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
    List<Decision> made = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    List<PendingWrite> overtaken = new ArrayList<>();
    List<PendingWrite> refused = new ArrayList<>();
    for (Decision decision : decisions) {
      ProductId productId = decision.current().productId();
      Long version = commit.versions().get(productId);
      if (version == null) {
        (commit.refused().contains(productId) ? refused : overtaken).add(decision.pending());
      } else {
        made.add(decision);
        rows.add(decision.rowAt(version));
      }
    }
    giveUp(refused, internal());
    takeFenceDown(overtaken);
    overtaken.stream().filter(PendingWrite::mayTryAgain).forEach(again);
    if (fenced) {
      return install(made, rows);
    }
    raiseFloors(rows);
    awaitRepair(made, rows);
    return Future.succeededFuture();
  }

  private void awaitRepair(List<Decision> made, List<Row> rows) {
    for (int i = 0; i < rows.size(); i++) {
      Decision decision = made.get(i);
      Row row = rows.get(i);
      parts
          .repairs()
          .repaired(row.productId(), row.version())
          .onSuccess(repaired -> tell(decision, row));
    }
  }

  private Future<Void> install(List<Decision> made, List<Row> rows) {
    String space = parts.cache().space();
    return parts
        .cache()
        .install(rows.stream().map(this::installation).toList(), token)
        .onComplete(
            installed -> {
              parts.installed().confirmed(rows, space);
              // Once more: where the fence was lost, what is old may have come in since the commit.
              rows.forEach(row -> parts.near().invalidate(row.productId()));
              for (int i = 0; i < rows.size(); i++) {
                tell(made.get(i), rows.get(i));
              }
            },
            away -> {
              // The fence may be gone with the server that had it.
              raiseFloors(rows);
              awaitRepair(made, rows);
            })
        .otherwiseEmpty();
  }

  private void raiseFloors(List<Row> rows) {
    rows.forEach(row -> parts.floors().raise(row.productId(), row.version()));
    // After the floors are up: what is old enters the near cache no more.
    rows.forEach(row -> parts.near().invalidate(row.productId()));
  }

  private void tell(Decision decision, Row row) {
    decision.pending().answer().complete(decision.written(row));
  }

  /** A bad row shall not fail its neighbours, so each is tried alone. */
  private Future<Void> notMade(List<Decision> decisions, Throwable failure) {
    if (!(failure instanceof Writer.RefusedException refusal)) {
      return giveUp(pending(decisions), failure);
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
      alone.answer().fail(internal());
    } else if (alone.mayTryAgain()) {
      again.accept(alone);
    }
    return Future.succeededFuture();
  }

  private void outcomeUnknown(List<Decision> decisions, Writer.UnknownException unknown) {
    List<PendingWrite> unsure = pending(decisions);
    productIds(unsure).forEach(parts.near()::invalidate);
    parts.aftermath().keep(productIds(unsure), fenced ? token : null, unknown.worker());
    unsure.forEach(
        each ->
            each.answer()
                .fail(
                    Problem.OUTCOME_UNKNOWN.because(
                        "The store did not confirm the write of product %s (%s): it may have been"
                            + " made. Read the product, or repeat the request if it can be repeated",
                        each.productId(), unknown.getMessage())));
  }

  private Future<Void> giveUp(List<PendingWrite> writes, Throwable failure) {
    takeFenceDown(writes);
    writes.forEach(each -> each.answer().tryFail(failure));
    return Future.succeededFuture();
  }

  /** Nothing was written under it. */
  private void takeFenceDown(List<PendingWrite> writes) {
    if (fenced && !writes.isEmpty()) {
      parts
          .cache()
          .install(productIds(writes).stream().map(Cache.Installation::nothing).toList(), token);
    }
  }

  private Cache.Installation installation(Row row) {
    return new Cache.Installation(
        row.productId(), Optional.of(row), wanted.contains(row.productId()));
  }

  private static List<ProductId> productIds(List<PendingWrite> writes) {
    return writes.stream().map(PendingWrite::productId).toList();
  }

  private static List<PendingWrite> pending(List<Decision> decisions) {
    return decisions.stream().map(Decision::pending).toList();
  }

  private static ProblemException internal() {
    return Problem.INTERNAL.because(
        "The store refused the write; its reason is in the service's log");
  }
}
