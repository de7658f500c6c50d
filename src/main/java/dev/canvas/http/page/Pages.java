package dev.canvas.http.page;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/** The pages that people see: the catalogue, the products and their editor. Thread-safe. */
public final class Pages {

  private final MediaService media;
  private final MediaRules rules;
  private final ProductTexts texts;
  private final Html html;
  private final Editor editor;
  private final Asset panel;

  /**
   * @param rules what media the pages may show
   * @param texts what the products are called
   * @param panel the script of the product pages' panel
   */
  Pages(
      MediaService media,
      MediaRules rules,
      ProductTexts texts,
      Html html,
      Editor editor,
      Asset panel) {
    this.media = media;
    this.rules = rules;
    this.texts = texts;
    this.html = html;
    this.editor = editor;
    this.panel = panel;
  }

  /**
   * Reads what the pages refer to. Blocks.
   *
   * @param rules what media the pages may show
   * @param open whether everybody may write
   */
  public static Pages read(MediaService media, MediaRules rules, ProductTexts texts, boolean open)
      throws IOException {
    return new Pages(
        media, rules, texts, Html.read(rules), Editor.read(texts, open), Asset.readModule("panel"));
  }

  public void install(Routes routes) {
    html.install(routes);
    panel.install(routes);
    Routes pages = routes.failing(new PageProblems(html));
    pages.read("/", this::catalogue);
    pages.read("/products", this::go);
    pages.read("/products/:id", this::product);
    editor.install(routes, pages, html);
  }

  private void catalogue(RoutingContext context) {
    ProductId from =
        Query.atMostOnce(context, "from")
            .map(ProductId::parse)
            .orElse(new ProductId(ProductId.MIN));
    long asked = System.nanoTime();
    answer(
        context,
        media
            .page(from, CataloguePage.SIZE + 1)
            .map(found -> CataloguePage.of(from, found, texts, rules, System.nanoTime() - asked))
            .map(page -> html.render("catalogue.jte", page)));
  }

  private void product(RoutingContext context) {
    ProductId productId = ProductId.parse(context.pathParam("id"));
    long asked = System.nanoTime();
    answer(
        context,
        media
            .get(productId)
            .map(lookup -> page(lookup, System.nanoTime() - asked))
            .map(page -> html.render("product.jte", page)));
  }

  private ProductPage page(Lookup lookup, long nanos) {
    return ProductPage.of(lookup, texts, rules, new ReadTrace(lookup.source(), nanos), panel);
  }

  /** Where the form leads in which a product number is asked for. */
  private void go(RoutingContext context) {
    String target =
        Query.atMostOnce(context, "id")
            .map(id -> "/products/" + ProductId.parse(id.strip()))
            .orElse("/");
    context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, target).end();
  }

  private void answer(RoutingContext context, Future<Buffer> page) {
    Reply.to(context, page, rendered -> html.send(context, rendered));
  }
}
