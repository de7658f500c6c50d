package dev.canvas.data.store;

import dev.canvas.media.ProductId;

/**
 * A committed change that caches may not reflect yet. Immutable.
 *
 * @param version of the product after the change
 */
public record CommittedVersion(ProductId productId, long version) {}
