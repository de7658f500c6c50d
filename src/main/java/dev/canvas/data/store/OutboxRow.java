package dev.canvas.data.store;

import dev.canvas.media.ProductId;

/**
 * A committed change that waits for the relay. Immutable.
 *
 * @param id of the row, which others may share: they leave together
 * @param version of the product after the change
 * @param deleted whether the product has no media after it
 */
public record OutboxRow(long id, ProductId productId, long version, boolean deleted) {}
