package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import java.util.Optional;

/**
 * What the store holds of a product. Immutable.
 *
 * @param version 0 where the store never had the product
 * @param media empty for a product that never was and for a tombstone
 * @param revision the store's own name of this state, which it compares when the row is written;
 *     empty where it compares the version
 */
public record Row(
    ProductId productId, long version, Optional<ProductMedia> media, String revision) {

  /** A row of a store that compares versions, or one that did not come from the store. */
  public Row(ProductId productId, long version, Optional<ProductMedia> media) {
    this(productId, version, media, "");
  }

  public Lookup from(AnswerSource source) {
    return new Lookup(productId, source, media);
  }
}
