package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import java.util.Optional;

/**
 * The state of one product in the store. Immutable.
 *
 * @param version 0 if the store has never held the product
 * @param media empty if the store has never held the product, and for a tombstone
 * @param revision the store's own id of this state, compared when the row is written; empty if the
 *     store compares versions instead
 */
public record Row(
    ProductId productId, long version, Optional<ProductMedia> media, String revision) {

  /** A row of a store that compares versions, or one that was read from the cache. */
  public Row(ProductId productId, long version, Optional<ProductMedia> media) {
    this(productId, version, media, "");
  }

  /** This row with its media {@linkplain ProductMedia#checked checked}, for readers and caches. */
  public Row checked() {
    if (media.isEmpty()) {
      return this;
    }
    ProductMedia checked = media.get().checked();
    return checked.isReadable()
        ? this
        : new Row(productId, version, Optional.of(checked), revision);
  }

  /** The bytes of its document; 0 if it has none. */
  public int length() {
    // Each read passes here: map would allocate.
    return media.isPresent() ? media.get().document().length() : 0;
  }

  /** The answer to a reader. */
  public Lookup lookup(AnswerSource source) {
    return new Lookup(productId, source, media);
  }
}
