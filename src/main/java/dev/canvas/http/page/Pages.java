package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Routes;
import dev.canvas.http.exchange.Turns;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Serves the pages for people: the catalogue, the products and the editor. Thread-safe. */
public final class Pages {

  private final MediaService media;
  private final PageFiles files;
  private final Html html;

  public Pages(MediaService media, PageFiles files) {
    this.media = media;
    this.files = files;
    this.html = files.html();
  }

  /**
   * Adds the routes.
   *
   * @param publicUrl the origin under which visitors know this site, or null
   * @param toldByProxy whether a trusted proxy has told the host of a request
   * @param peers the gallery modules of other nodes
   */
  public void install(
      Routes routes,
      String publicUrl,
      Predicate<HttpServerRequest> toldByProxy,
      PeerModules peers) {
    AssetRoutes assets = new AssetRoutes(routes);
    html.install(assets);
    assets.add(files.panel());
    assets.add(files.covers());
    Routes pages = routes.failingWith(new PageProblems(html));
    pages.read("/", this::catalogue);
    pages.read("/products", this::redirect);
    pages.read("/products/:id", context -> ProductAddress.open(context, "", this::product));
    files.editor().install(assets, pages, html);
    files.docs().install(assets, pages, html);
    // Last: it also serves addresses of assets that no other route has.
    var site = new SiteAddress(publicUrl, toldByProxy);
    new ElementFiles(html.element(), files.released(), peers, site).install(routes, assets);
  }

  /**
   * Answers browsers with a page where the router finds no resource, or cannot decode the path.
   * Other clients get the problem as before.
   */
  public void installUnknown(Router router) {
    PageProblems problems = new PageProblems(html);
    for (int status : new int[] {400, 404}) {
      Problems.prefer(router, status, problems::handle);
    }
  }

  private void catalogue(RoutingContext context) {
    ProductId from =
        Query.optional(context, "from").map(ProductId::parse).orElse(new ProductId(ProductId.MIN));
    long started = System.nanoTime();
    answer(
        context,
        media.page(from, CataloguePage.SIZE + 1),
        found -> {
          long nanos = System.nanoTime() - started;
          return () -> html.render("catalogue.jte", catalogue(from, found, nanos));
        });
  }

  private CataloguePage catalogue(ProductId from, List<Lookup> found, long nanos) {
    return CataloguePage.of(
        from, found, files.texts(), files.rules(), nanos, files.covers(), html.forOperators());
  }

  private void product(RoutingContext context, ProductId productId) {
    long started = System.nanoTime();
    answer(
        context,
        media.get(productId),
        lookup -> {
          long nanos = System.nanoTime() - started;
          return () -> html.render("product.jte", page(lookup, nanos));
        });
  }

  private ProductPage page(Lookup lookup, long nanos) {
    return ProductPage.of(
        lookup, files.texts(), files.rules(), new ReadTrace(lookup.source(), nanos), files.panel());
  }

  /** Redirects from the form that asks for a product number to the product. */
  private void redirect(RoutingContext context) {
    String target =
        Query.optional(context, "id")
            .map(id -> ProductAddress.of(ProductAddress.parse(id.strip())))
            .orElse("/");
    context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, target).end();
  }

  /** Answers with a page that is rendered in a turn of its own, as it may be long. */
  private <T> void answer(
      RoutingContext context, Future<T> found, Function<T, Supplier<Buffer>> page) {
    found
        .compose(result -> Turns.current().next(page.apply(result)))
        .map(
            rendered -> {
              html.send(context, rendered);
              return null;
            })
        .onFailure(context::fail);
  }
}
