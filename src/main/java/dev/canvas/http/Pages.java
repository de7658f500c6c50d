package dev.canvas.http;

import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** The pages that people see: the catalogue and the products. Thread-safe. */
final class Pages {

  private final MediaService media;
  private final ProductTexts texts;
  private final Html html;

  /**
   * @param texts what the products are called
   */
  Pages(MediaService media, ProductTexts texts, Html html) {
    this.media = media;
    this.texts = texts;
    this.html = html;
  }

  void install(Routes routes) {
    html.install(routes);
    Routes pages = routes.failing(new PageProblems(html));
    pages.read("/", this::catalogue);
    pages.read("/products", this::go);
    pages.read("/products/:id", this::product);
  }

  private void catalogue(RoutingContext context) {
    ProductId from =
        Query.atMostOnce(context, "from")
            .map(ProductId::parse)
            .orElse(new ProductId(ProductId.MIN));
    answer(
        context,
        media
            .page(from, CataloguePage.SIZE + 1)
            .map(found -> html.render("catalogue.jte", CataloguePage.of(from, found, texts))));
  }

  private void product(RoutingContext context) {
    ProductId productId = ProductId.parse(context.pathParam("id"));
    answer(
        context,
        media
            .get(productId)
            .map(lookup -> html.render("product.jte", ProductPage.of(lookup, texts))));
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
