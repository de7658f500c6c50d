package dev.canvas.media;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a {@link Change} that the store has committed. Immutable.
 *
 * @param productId the product that was changed
 * @param version the product's version after the change
 * @param effect what the change did
 * @param media the media after the change; empty if there are none
 * @param itemId the one item that was added, updated or removed, if the change was about one
 */
public record Written(
    ProductId productId,
    long version,
    Effect effect,
    Optional<ProductMedia> media,
    OptionalLong itemId) {

  /** What a change did to the media of a product. */
  public enum Effect {
    /** There were none before. */
    CREATED,
    /** There were others before. */
    CHANGED,
    /** There were the same before, so the version is the same. */
    UNCHANGED,
    /** There are none any more. */
    DELETED
  }
}
