package dev.canvas.data.write;

import dev.canvas.data.store.Row;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ChangeResult;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The row that a change results in, worked out on the row that was read. Immutable.
 *
 * @param current the row as it was read
 * @param items the item array to write; empty for a tombstone
 * @param itemId the item that the change is about, if it is about a single one
 */
record Decision(PendingWrite pending, Row current, Optional<Buffer> items, OptionalLong itemId) {

  /**
   * Decides changes on their rows. Changes that fail are answered at once.
   *
   * @param rows in the order of the changes
   * @param itemIds supplies ids for new items
   * @param failed receives the changes that fail
   * @param unchanged receives those that change nothing
   * @return those that need a commit
   */
  static List<Decision> decideAll(
      List<PendingWrite> pending,
      List<Row> rows,
      LongSupplier itemIds,
      Consumer<PendingWrite> failed,
      Consumer<Decision> unchanged) {
    List<Decision> decisions = new ArrayList<>(pending.size());
    for (int i = 0; i < rows.size(); i++) {
      PendingWrite each = pending.get(i);
      try {
        Decision decision = decide(rows.get(i), each, itemIds);
        if (decision.isUnchanged()) {
          unchanged.accept(decision);
        } else {
          decisions.add(decision);
        }
      } catch (ProblemException problem) {
        each.answer().fail(problem);
        failed.accept(each);
      }
    }
    return decisions;
  }

  private static Decision decide(Row current, PendingWrite pending, LongSupplier itemIds) {
    boolean present = current.media().isPresent();
    pending.change().precondition().check(current.productId(), current.version(), present);
    ChangeResult<Buffer> array = pending.change().applyAndEncode(current.media(), itemIds);
    return new Decision(pending, current, array.items(), array.itemId());
  }

  static List<PendingWrite> pending(List<Decision> decisions) {
    return decisions.stream().map(Decision::pending).toList();
  }

  static List<RowWrite> rowWrites(List<Decision> decisions) {
    return decisions.stream()
        .map(
            each ->
                new RowWrite(
                    each.current.productId(),
                    each.current.version(),
                    each.current.revision(),
                    each.items))
        .toList();
  }

  private boolean isUnchanged() {
    return items.isPresent() == current.media().isPresent()
        && items.map(array -> current.media().get().holds(array)).orElse(true);
  }

  /** The row after the commit that gave it this version. */
  Row rowAt(long version) {
    return new Row(current.productId(), version, media(version));
  }

  /** The answer to the caller after the commit. */
  Written written(Row row) {
    Written.Effect effect =
        row.media().isEmpty()
            ? Written.Effect.DELETED
            : current.media().isEmpty() ? Written.Effect.CREATED : Written.Effect.CHANGED;
    return written(row, effect);
  }

  /** Answers the caller of a change that changes nothing. */
  void answerUnchanged() {
    pending.answer().complete(written(rowAt(current.version()), Written.Effect.UNCHANGED));
  }

  private Written written(Row row, Written.Effect effect) {
    return new Written(row.productId(), row.version(), effect, row.media(), itemId);
  }

  private Optional<ProductMedia> media(long version) {
    return items.map(array -> ProductMedia.splice(current.productId(), version, array));
  }
}
