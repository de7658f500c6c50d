package dev.canvas.http.page;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;

/**
 * The model of a product's page. Immutable.
 *
 * @param productId the product
 * @param text its name and description
 * @param gallery its media, shown until the gallery element's script runs
 * @param document its media document, escaped for a script element
 * @param trace how the media were read
 * @param panel the script of the panel, which can read them again
 */
record ProductPage(
    ProductId productId,
    ProductTexts.ProductText text,
    Gallery gallery,
    String document,
    ReadTrace trace,
    Asset panel) {

  /**
   * Builds the model.
   *
   * @param rules decides whether the page may load media over http
   * @throws dev.canvas.media.ProblemException {@link dev.canvas.media.Problem#PRODUCT_NOT_FOUND} if
   *     the product has no media
   */
  static ProductPage of(
      Lookup lookup, ProductTexts texts, MediaRules rules, ReadTrace trace, Asset panel) {
    ProductTexts.ProductText text = texts.of(lookup.productId());
    ProductMedia media = lookup.required();
    return new ProductPage(
        lookup.productId(),
        text,
        Gallery.of(text.name(), media, rules),
        inline(media.document().toString()),
        trace,
        panel);
  }

  /**
   * Escapes JSON for a script element. In JSON, {@code <} occurs only in strings, where it can be
   * escaped; without it, nothing can end the element or start a comment in it (HTML Standard,
   * section 4.12.1.3).
   */
  private static String inline(String json) {
    return json.replace("<", "\\u003c");
  }

  /** The description for search engines. */
  String description() {
    return text.description() == null
        ? "Pictures and videos of " + text.name() + "."
        : text.description();
  }

  /** The address of the page. */
  String address() {
    return ProductAddress.of(productId);
  }

  /** The address of the catalogue from the next product on, or null if none can follow. */
  String next() {
    return productId.value() == ProductId.MAX ? null : "/?from=" + (productId.value() + 1);
  }

  /** The address of the media document. */
  String json() {
    return "/api/products/" + productId + "/media";
  }
}
