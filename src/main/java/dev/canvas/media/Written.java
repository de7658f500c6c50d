package dev.canvas.media;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a {@link Change} that is durable. Immutable.
 *
 * @param productId whose media
 * @param version the product's version afterwards
 * @param effect what it did
 * @param media the media afterwards; empty where there are none
 * @param itemId the one item that the change was about, if it was about one
 */
public record Written(
    ProductId productId,
    long version,
    Effect effect,
    Optional<ProductMedia> media,
    OptionalLong itemId) {

  /** What a change did. */
  public enum Effect {
    /** The product had no media before. */
    CREATED,
    /** It had others. */
    CHANGED,
    /** It had the same: no new version. */
    UNCHANGED,
    /** It has none now. */
    DELETED
  }
}
