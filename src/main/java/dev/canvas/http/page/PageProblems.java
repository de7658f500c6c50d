package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * The one place that answers a person with a problem: a page, never cached, with a way back.
 * Thread-safe.
 */
final class PageProblems implements Handler<RoutingContext> {

  private final Html html;

  PageProblems(Html html) {
    this.html = html;
  }

  @Override
  public void handle(RoutingContext context) {
    ProblemException problem = Problems.problem(context, context.statusCode());
    HttpServerResponse response = context.response();
    response
        .setStatusCode(problem.problem().status())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Problems.inviteBack(response, problem.problem());
    html.send(context, html.render("problem.jte", page(context, problem)));
  }

  private static ProblemPage page(RoutingContext context, ProblemException problem) {
    return switch (problem.problem()) {
      case PRODUCT_NOT_FOUND ->
          new ProblemPage(
              "No pictures here yet",
              problem.getMessage() + " so far.",
              "/products/" + ProductId.parse(context.pathParam("id")) + "/edit");
      case MALFORMED_REQUEST ->
          new ProblemPage("That is no product number", problem.getMessage() + ".");
      case METHOD_NOT_ALLOWED -> new ProblemPage("This page is for reading", problem.getMessage());
      case UNAVAILABLE ->
          new ProblemPage(
              "Back in a moment", "The pictures are out of reach just now. Please try again.");
      default ->
          new ProblemPage("Something went wrong", "The fault is ours, and it is in our log.");
    };
  }
}
