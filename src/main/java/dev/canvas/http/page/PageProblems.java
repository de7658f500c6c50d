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
   * @param editor leads to the editor that can fix it, or null
   */
  record Page(String heading, String text, Link editor) {

    Page(String heading, String text) {
      this(heading, text, null);
    }
  }

  /**
   * A link. Immutable.
   *
   * @param address where it leads
   * @param text what it says
   */
  record Link(String address, String text) {}

  @Override
  public void handle(RoutingContext context) {
    handle(context, context.statusCode());
  }

  /**
   * Answers a request that has failed.
   *
   * @param status the status of the failure
   */
  void handle(RoutingContext context, int status) {
    ProblemException problem = Problems.problem(context, status);
    HttpServerResponse response = context.response();
    response
        .setStatusCode(problem.problem().status())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Problems.setRetryAfter(response, problem.problem());
    html.send(context, html.render("problem.jte", page(context, problem)));
  }

  private Page page(RoutingContext context, ProblemException problem) {
    return switch (problem.problem()) {
      case PRODUCT_NOT_FOUND -> notFound(ProductAddress.parse(context.pathParam("id")));
      case NO_SUCH_RESOURCE ->
          new Page("We can’t find that page", "Please check the address, or look around.");
      case MALFORMED_REQUEST ->
          new Page("We can’t find that page", "Please check the address. " + sentence(problem));
      case METHOD_NOT_ALLOWED -> new Page("This page is read-only", sentence(problem));
      case UNAVAILABLE ->
          new Page("Back in a moment", "We can’t load the pictures right now. Please try again.");
      case UNREADABLE_MEDIA -> unreadable(context, problem);
      default -> new Page("Something went wrong", "That’s our fault, and it has been logged.");
    };
  }

  private Page notFound(ProductId productId) {
    return new Page(
        "No pictures yet",
        "Product " + productId + " doesn’t have any pictures or videos yet.",
        editor(productId, "Add the first picture"));
  }

  private Page unreadable(RoutingContext context, ProblemException problem) {
    return html.forOperators()
        ? new Page(
            "These media can’t be read",
            problem.getMessage(),
            editor(ProductAddress.parse(context.pathParam("id")), "Open the editor"))
        : new Page(
            "Something went wrong", "The pictures of this product can’t be shown right now.");
  }

  private Link editor(ProductId productId, String text) {
    return html.forOperators() ? new Link(ProductAddress.of(productId) + "/edit", text) : null;
  }

  private static String sentence(ProblemException problem) {
    return problem.getMessage() + ".";
  }
}
