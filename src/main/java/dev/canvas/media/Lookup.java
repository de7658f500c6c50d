package dev.canvas.media;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The answer to a read of one product. Immutable.
 *
 * @param productId the product that was requested
 * @param source the part of the system that answered
 * @param media the media; empty if the product has none
 */
public record Lookup(ProductId productId, AnswerSource source, Optional<ProductMedia> media) {

  /** The answer for a product that has media. */
  public static Lookup found(AnswerSource source, ProductMedia media) {
    return new Lookup(media.productId(), source, Optional.of(media));
  }

  /** The answer for a product without media: it never had any, or they were deleted. */
  public static Lookup absent(AnswerSource source, ProductId productId) {
    return new Lookup(productId, source, Optional.empty());
  }

  /**
   * Why the media cannot be read, as a member of a batch tells it: the product and the problem.
   * Empty if they can, or if there are none.
   */
  public Optional<JsonObject> failure() {
    return media
        .filter(present -> !present.isReadable())
        .map(ProductMedia::unreadable)
        .map(
            problem ->
                new JsonObject().put("product_id", productId.value()).mergeIn(problem.toJson()));
  }

  /**
   * The media, for callers that treat their absence as an error.
   *
   * @throws ProblemException {@link Problem#PRODUCT_NOT_FOUND} if the product has no media, {@link
   *     Problem#UNREADABLE_MEDIA} if SQL has made something else of them
   */
  public ProductMedia required() {
    return media
        .orElseThrow(() -> Problem.PRODUCT_NOT_FOUND.because("Product %s has no media", productId))
        .readable();
  }
}
