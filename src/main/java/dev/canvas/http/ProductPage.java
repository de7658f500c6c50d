package dev.canvas.http;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;

/**
 * The page of a product. Immutable.
 *
 * @param productId its number
 * @param text its name and description
 * @param gallery its media
 * @param reading where they came from
 * @param panel where the script is that reads them once more
 */
record ProductPage(
    ProductId productId, ProductText text, Gallery gallery, Reading reading, String panel) {

  /**
   * @throws dev.canvas.media.ProblemException {@link dev.canvas.media.Problem#PRODUCT_NOT_FOUND}
   *     where the product has no media
   */
  static ProductPage of(Lookup lookup, ProductTexts texts, Reading reading, String panel) {
    ProductText text = texts.of(lookup.productId());
    Gallery gallery = Gallery.of(text.name(), lookup.required());
    return new ProductPage(lookup.productId(), text, gallery, reading, panel);
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
}
