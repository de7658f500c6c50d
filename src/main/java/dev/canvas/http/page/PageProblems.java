package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Turns every failure of a page into a page of its own, not cacheable, with a way on. Thread-safe.
 */
final class PageProblems implements Handler<RoutingContext> {

  private final Html html;

  PageProblems(Html html) {
    this.html = html;
  }

  /**
   * The model of the page that replaces one that cannot be shown. Immutable.
   *
   * @param heading what happened, in a few words
   * @param text the reason, and what to do
   * @param editor the address of the editor that can fix it, or null
   */
  record Page(String heading, String text, String editor) {

    Page(String heading, String text) {
      this(heading, text, null);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    ProblemException problem = Problems.problem(context, context.statusCode());
    HttpServerResponse response = context.response();
    response
        .setStatusCode(problem.problem().status())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Problems.setRetryAfter(response, problem.problem());
    html.send(context, html.render("problem.jte", page(context, problem)));
  }

  private static Page page(RoutingContext context, ProblemException problem) {
    return switch (problem.problem()) {
      case PRODUCT_NOT_FOUND -> notFound(ProductId.parse(context.pathParam("id")));
      case MALFORMED_REQUEST ->
          new Page("We can’t find that page", "Please check the address. " + sentence(problem));
      case METHOD_NOT_ALLOWED -> new Page("This page is read-only", sentence(problem));
      case UNAVAILABLE ->
          new Page("Back in a moment", "We can’t load the pictures right now. Please try again.");
      default -> new Page("Something went wrong", "That’s our fault, and it has been logged.");
    };
  }

  private static Page notFound(ProductId productId) {
    return new Page(
        "No pictures yet",
        "Product " + productId + " doesn’t have any pictures or videos yet.",
        "/products/" + productId + "/edit");
  }

  private static String sentence(ProblemException problem) {
    return problem.getMessage() + ".";
  }
}
