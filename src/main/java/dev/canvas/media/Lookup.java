package dev.canvas.media;

import java.util.Optional;

/**
 * The answer to the read of one product. Immutable.
 *
 * @param productId who was asked for
 * @param source where the answer came from
 * @param media the media; empty where the product has none
 */
public record Lookup(ProductId productId, AnswerSource source, Optional<ProductMedia> media) {

  /** The product has media. */
  public static Lookup found(AnswerSource source, ProductMedia media) {
    return new Lookup(media.productId(), source, Optional.of(media));
  }

  /** The product has none: it never was, or it was deleted. */
  public static Lookup absent(AnswerSource source, ProductId productId) {
    return new Lookup(productId, source, Optional.empty());
  }

  /**
   * The media, for a caller to whom their absence is a problem.
   *
   * @throws ProblemException {@link Problem#PRODUCT_NOT_FOUND}
   */
  public ProductMedia required() {
    return media.orElseThrow(
        () -> Problem.PRODUCT_NOT_FOUND.because("Product %s has no media", productId));
  }
}
