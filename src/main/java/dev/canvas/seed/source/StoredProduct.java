package dev.canvas.seed.source;

import dev.canvas.media.ProductId;

/**
 * A product as the store keeps it. Immutable.
 *
 * @param items the item array, serialised as it is to be served
 */
record StoredProduct(ProductId productId, String items) {}
