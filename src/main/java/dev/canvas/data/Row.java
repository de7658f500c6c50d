package dev.canvas.data;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Source;
import java.util.Optional;

/**
 * What the store holds of a product. Immutable.
 *
 * @param version 0 where the store never had the product
 * @param media empty for a product that never was and for a tombstone
 * @param revision the store's own name of this state, which it compares when the row is written;
 *     empty where it compares the version
 */
record Row(ProductId productId, long version, Optional<ProductMedia> media, String revision) {

  /** A row of a store that compares versions, or one that did not come from the store. */
  Row(ProductId productId, long version, Optional<ProductMedia> media) {
    this(productId, version, media, "");
  }

  Lookup from(Source source) {
    return new Lookup(productId, source, media);
  }
}
