package dev.canvas.http.page;

import dev.canvas.media.ProductId;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The one address of each page about a product, so that links, caches and search engines know it by
 * one name.
 */
final class ProductAddress {

  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=\\d)");

  private ProductAddress() {}

  /** The address of a product's page. */
  static String of(ProductId productId) {
    return "/products/" + productId;
  }

  /**
   * Parses an id as people write it, with leading zeros.
   *
   * @throws dev.canvas.media.ProblemException if it is none
   */
  static ProductId parse(String text) {
    return ProductId.parse(LEADING_ZEROS.matcher(text).replaceFirst(""));
  }

  /**
   * Answers a request for a product's page; redirects one whose path is another spelling of the
   * page's address, such as {@code /products/001} or {@code /products/1/}.
   *
   * @param suffix what follows the product in the page's address
   * @param page answers the request
   */
  static void open(
      RoutingContext context, String suffix, BiConsumer<RoutingContext, ProductId> page) {
    ProductId productId = parse(context.pathParam("id"));
    String address = of(productId) + suffix;
    if (address.equals(context.request().path())) {
      page.accept(context, productId);
      return;
    }
    String query = context.request().query();
    context
        .response()
        .setStatusCode(308)
        .putHeader(HttpHeaders.LOCATION, query == null ? address : address + '?' + query)
        .end();
  }
}
