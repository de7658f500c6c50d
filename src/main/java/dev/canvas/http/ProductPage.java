package dev.canvas.http;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.Source;

/**
 * The page of a product. Immutable.
 *
 * @param productId its number
 * @param text its name and description
 * @param gallery its media
 * @param source where they came from
 */
record ProductPage(ProductId productId, ProductText text, Gallery gallery, Source source) {

  /**
   * @throws dev.canvas.media.ProblemException {@link dev.canvas.media.Problem#PRODUCT_NOT_FOUND}
   *     where the product has no media
   */
  static ProductPage of(Lookup lookup, ProductTexts texts) {
    ProductText text = texts.of(lookup.productId());
    Gallery gallery = Gallery.of(text.name(), lookup.required());
    return new ProductPage(lookup.productId(), text, gallery, lookup.source());
  }

  /** What search engines show of it. */
  String description() {
    return text.description() == null
        ? "Pictures and videos of " + text.name() + "."
        : text.description();
  }

  /** Where its document is. */
  String json() {
    return "/api/products/" + productId + "/media";
  }

  /** Which tier answered, and whether it was a cache. */
  String provenance() {
    String how =
        source.isCached() ? "cache hit" : source.isBypass() ? "cache not asked" : "cache miss";
    return "Read from " + source.tier() + ", " + how;
  }
}
