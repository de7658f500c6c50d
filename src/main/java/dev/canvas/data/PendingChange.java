package dev.canvas.data;

import dev.canvas.media.ProductId;

/**
 * A committed change that caches may not know of yet. Immutable.
 *
 * @param version of the product after it
 */
record PendingChange(ProductId productId, long version) {}
