package dev.canvas.data.write;

import dev.canvas.data.store.Row;
import dev.canvas.data.store.RowWrite;
import dev.canvas.media.Change;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What a change comes to on the row that was read for it. Immutable.
 *
 * @param current the row as it was read
 * @param items the item array to write; empty for a tombstone
 * @param itemId the one item that the change is about, if there is one
 */
record Decision(PendingWrite pending, Row current, Optional<Buffer> items, OptionalLong itemId) {

  /**
   * @param itemIds ids for new items, as many as the change may need
   * @throws dev.canvas.media.ProblemException where the change cannot be made on this row
   */
  static Decision on(Row current, PendingWrite pending, LongSupplier itemIds) {
    boolean present = current.media().isPresent();
    pending.change().precondition().check(current.productId(), current.version(), present);
    Change.Result<Buffer> array = pending.change().applyAndEncode(current.media(), itemIds);
    return new Decision(pending, current, array.items(), array.itemId());
  }

  /** Whether the row would say the same afterwards. */
  boolean isUnchanged() {
    return items.isPresent() == current.media().isPresent()
        && items.map(array -> current.media().get().holds(array)).orElse(true);
  }

  RowWrite write() {
    return new RowWrite(current.productId(), current.version(), current.revision(), items);
  }

  /** The row once it is written at a version. */
  Row rowAt(long version) {
    return new Row(current.productId(), version, media(version));
  }

  Written unchanged() {
    return written(rowAt(current.version()), Written.Effect.UNCHANGED);
  }

  Written written(Row row) {
    Written.Effect effect =
        row.media().isEmpty()
            ? Written.Effect.DELETED
            : current.media().isEmpty() ? Written.Effect.CREATED : Written.Effect.CHANGED;
    return written(row, effect);
  }

  private Written written(Row row, Written.Effect effect) {
    return new Written(row.productId(), row.version(), effect, row.media(), itemId);
  }

  private Optional<ProductMedia> media(long version) {
    return items.map(array -> ProductMedia.splice(current.productId(), version, array));
  }
}
