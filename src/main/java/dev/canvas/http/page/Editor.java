package dev.canvas.http.page;

import dev.canvas.http.exchange.Routes;
import dev.canvas.media.ProductId;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;

/**
 * Serves the editor of a product's media. The editor writes through the public API, with the key or
 * token of the person who uses it. Thread-safe.
 */
final class Editor {

  /** Pages of other sites that open the editor, or that it opens, get no hold of its window. */
  private static final CharSequence OPENER_POLICY =
      HttpHeaders.createOptimized("cross-origin-opener-policy");

  private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");

  private final ProductTexts texts;
  private final boolean open;
  private final Asset script;
  private final Asset stylesheet;

  private Editor(ProductTexts texts, boolean open, Asset script, Asset stylesheet) {
    this.texts = texts;
    this.open = open;
    this.script = script;
    this.stylesheet = stylesheet;
  }

  /**
   * The model of the page. It holds no media: the page's script reads them, so that editing never
   * starts from a version older than the page. Immutable.
   *
   * @param productId the product, which need not have media yet
   * @param name the name of the product
   * @param open whether writing needs no credential; otherwise the page asks for a key or a token
   * @param script the editor's script
   * @param stylesheet the address of the editor's style sheet
   */
  record Page(ProductId productId, String name, boolean open, Asset script, String stylesheet) {

    /** The address of the product's page. */
    String address() {
      return ProductAddress.of(productId);
    }

    /** The address of the product's media document. */
    String json() {
      return "/api/products/" + productId + "/media";
    }
  }

  /**
   * Reads the script and the style sheet. Blocks.
   *
   * @param texts the names of the products
   * @param open whether writing needs no credential
   */
  static Editor read(ProductTexts texts, boolean open) throws IOException {
    return new Editor(
        texts,
        open,
        Asset.readModule("editor"),
        Asset.read("editor.css", "text/css; charset=utf-8"));
  }

  /**
   * Adds the routes.
   *
   * @param assets the routes of the script and the style sheet
   * @param pages the routes of pages
   */
  void install(AssetRoutes assets, Routes pages, Html html) {
    assets.add(script);
    assets.add(stylesheet);
    pages.read(
        "/products/:id/edit",
        context ->
            ProductAddress.open(
                context,
                "/edit",
                (at, productId) -> {
                  at.response().putHeader(OPENER_POLICY, SAME_ORIGIN);
                  html.send(at, html.render("editor.jte", page(productId)));
                }));
  }

  private Page page(ProductId productId) {
    return new Page(productId, texts.of(productId).name(), open, script, stylesheet.path());
  }
}
