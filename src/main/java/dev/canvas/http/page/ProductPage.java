package dev.canvas.http.page;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;

/**
 * The page of a product. Immutable.
 *
 * @param productId its number
 * @param text its name and description
 * @param gallery its media, for readers without scripts
 * @param document its media document, as a script element may hold it
 * @param reading where they came from
 * @param panel the script that reads them once more
 */
record ProductPage(
    ProductId productId,
    ProductText text,
    Gallery gallery,
    String document,
    ReadTrace reading,
    Asset panel) {

  /**
   * @param rules what the policy of the pages lets them load
   * @throws dev.canvas.media.ProblemException {@link dev.canvas.media.Problem#PRODUCT_NOT_FOUND}
   *     where the product has no media
   */
  static ProductPage of(
      Lookup lookup, ProductTexts texts, MediaRules rules, ReadTrace reading, Asset panel) {
    ProductText text = texts.of(lookup.productId());
    ProductMedia media = lookup.required();
    return new ProductPage(
        lookup.productId(),
        text,
        Gallery.of(text.name(), media, rules),
        inline(media.document().toString()),
        reading,
        panel);
  }

  /**
   * Nothing in JSON but a text has a {@code <}, where it may be escaped; without one nothing ends a
   * script element, or begins a comment in it (HTML Standard, section 4.12.1.3).
   */
  private static String inline(String json) {
    return json.replace("<", "\\u003c");
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
