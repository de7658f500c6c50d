package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Serves the gallery element to pages of other sites: at a stable address that redirects to the
 * module of this release, and as a description with the address and hash to pin that module.
 * Thread-safe.
 */
final class ElementFiles {

  /** Pages get a new release within this time. */
  private static final CharSequence FIVE_MINUTES =
      HttpHeaders.createOptimized("public, max-age=300");

  private final Asset module;
  private final String publicUrl;

  /**
   * @param publicUrl the origin of this site; null for the one that each request names
   */
  ElementFiles(Asset module, String publicUrl) {
    this.module = module;
    this.publicUrl = publicUrl;
  }

  /** Adds the routes. */
  void install(Routes routes) {
    module.install(routes);
    routes.read("/product-canvas.js", this::redirect);
    routes.read("/product-canvas.json", this::describe);
  }

  private void redirect(RoutingContext context) {
    Asset.allowAnyOrigin(context.response())
        .setStatusCode(302)
        .putHeader(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES)
        .putHeader(HttpHeaders.LOCATION, module.path())
        .end();
  }

  private void describe(RoutingContext context) {
    Asset.allowAnyOrigin(context.response()).putHeader(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES);
    JsonObject description =
        new JsonObject()
            .put("src", site(context.request()) + module.path())
            .put("integrity", module.integrity())
            .put("bytes", Reply.compress(module.body()).length());
    Reply.send(context, Reply.JSON, Buffer.buffer(description.encode()));
  }

  private String site(HttpServerRequest request) {
    if (publicUrl != null) {
      return publicUrl;
    }
    // Only HTTP/1.0 has requests without a host.
    Object host = request.authority() == null ? request.localAddress() : request.authority();
    return request.scheme() + "://" + host;
  }
}
