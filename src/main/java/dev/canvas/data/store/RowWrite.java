package dev.canvas.data.store;

import dev.canvas.media.ProductId;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A row as it is to be, made from the row that was read. Immutable.
 *
 * @param expected the version that was read, 0 where there was no row: if the row has another by
 *     then nothing is written
 * @param revision the store's own name of what was read; see {@link Row}
 * @param items the item array; empty for a tombstone
 */
public record RowWrite(
    ProductId productId, long expected, String revision, Optional<Buffer> items) {}
