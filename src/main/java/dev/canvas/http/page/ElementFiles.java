package dev.canvas.http.page;

import dev.canvas.http.exchange.Gzip;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * The gallery element for pages of other sites: an address that stays the same and leads to the
 * module of this release, and what to write into a page that wants just that one. Thread-safe.
 */
final class ElementFiles {

  /** After a release pages have the new module within this time. */
  private static final CharSequence FIVE_MINUTES =
      HttpHeaders.createOptimized("public, max-age=300");

  private final Asset module;

  ElementFiles(Asset module) {
    this.module = module;
  }

  void install(Routes routes) {
    module.install(routes);
    routes.read("/product-canvas.js", this::lead);
    routes.read("/product-canvas.json", this::describe);
  }

  private void lead(RoutingContext context) {
    Asset.open(context.response())
        .setStatusCode(302)
        .putHeader(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES)
        .putHeader(HttpHeaders.LOCATION, module.path())
        .end();
  }

  private void describe(RoutingContext context) {
    HttpServerRequest request = context.request();
    Asset.open(context.response()).putHeader(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES);
    JsonObject description =
        new JsonObject()
            .put("src", request.scheme() + "://" + request.authority() + module.path())
            .put("integrity", module.integrity())
            .put("bytes", Gzip.compress(module.body()).length());
    Reply.send(context, Reply.JSON, Buffer.buffer(description.encode()));
  }
}
