package dev.canvas.http.page;

import dev.canvas.media.ProductId;

/**
 * The page on which the media of a product are edited. It asks for them itself, so that what it
 * begins with is never older than the page. Immutable.
 *
 * @param productId the product's number; whether it has media yet does not matter
 * @param name what the product is called
 * @param open whether everybody may write; else the page asks for a key or a token
 * @param script what makes it work
 * @param stylesheet where its own style sheet is
 */
record EditorPage(ProductId productId, String name, boolean open, Asset script, String stylesheet) {

  /** Where the product's document is. */
  String json() {
    return "/api/products/" + productId + "/media";
  }
}
