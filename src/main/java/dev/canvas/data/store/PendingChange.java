package dev.canvas.data.store;

import dev.canvas.media.ProductId;

/**
 * A committed change that caches may not know of yet. Immutable.
 *
 * @param version of the product after it
 */
public record PendingChange(ProductId productId, long version) {}
