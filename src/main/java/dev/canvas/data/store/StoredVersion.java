package dev.canvas.data.store;

import dev.canvas.media.ProductId;

/**
 * What the store holds of a product, without its media. Immutable.
 *
 * @param version 0 if the store has never held the product
 * @param present whether the product has media
 */
public record StoredVersion(ProductId productId, long version, boolean present) {

  static StoredVersion of(Row row) {
    return new StoredVersion(row.productId(), row.version(), row.media().isPresent());
  }
}
