package dev.canvas.http.page;

import dev.canvas.http.exchange.Routes;
import dev.canvas.media.ProductId;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/**
 * The page on which people edit a product's media. It writes over the same API as every program,
 * with the key or token of whoever sits before it. Thread-safe.
 */
final class Editor {

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
   * Reads what its page refers to. Blocks.
   *
   * @param texts what the products are called
   * @param open whether everybody may write
   */
  static Editor read(ProductTexts texts, boolean open) throws IOException {
    return new Editor(
        texts,
        open,
        Asset.readModule("editor"),
        Asset.read("editor.css", "text/css; charset=utf-8"));
  }

  void install(Routes routes, Routes pages, Html html) {
    script.install(routes);
    stylesheet.install(routes);
    pages.read(
        "/products/:id/edit",
        context -> html.send(context, html.render("editor.jte", page(context))));
  }

  private EditorPage page(RoutingContext context) {
    ProductId productId = ProductId.parse(context.pathParam("id"));
    return new EditorPage(productId, texts.of(productId).name(), open, script, stylesheet.path());
  }
}
