package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Serves the gallery element to pages of other sites: at a stable address the module of this
 * release, at addresses with a hash this one, those of earlier releases and those of other nodes,
 * and as a description what is needed to pin this one. Confined to one event loop.
 */
final class ElementFiles {

  /** Pages get a new release within this time, or use the old one while they ask for it. */
  private static final CharSequence FIVE_MINUTES =
      HttpHeaders.createOptimized("public, max-age=300");

  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private static final Pattern MODULE =
      Pattern.compile("/assets/product-canvas\\.[\\da-f]{8}\\.js");

  private final Asset module;
  private final ReleasedModules released;
  private final PeerModules peers;
  private final SiteAddress site;
  private final String tag;
  private final int compressedBytes;

  /** The last module that was found at another node. */
  private Asset found;

  ElementFiles(Asset module, ReleasedModules released, PeerModules peers, SiteAddress site) {
    this.module = module;
    this.released = released;
    this.peers = peers;
    this.site = site;
    this.tag = '"' + module.integrity() + '"';
    this.compressedBytes = Reply.compress(module.body()).length();
  }

  /**
   * Adds the routes, and offers the module to other nodes.
   *
   * @param assets the files of this release, in place of unknown ones
   */
  void install(Routes routes, AssetRoutes assets) {
    assets.add(module);
    routes.read("/assets/:file", context -> sendReleased(context, assets));
    routes.read("/product-canvas.js", this::sendCurrent);
    routes.read("/product-canvas.json", this::describe);
    peers.offer().accept(module.path(), module.body());
  }

  /** Without a redirect: it could lead to a node of another release. */
  private void sendCurrent(RoutingContext context) {
    Asset.beginWhole(context.response()).putHeader(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES);
    Reply.sendTagged(context, module.contentType(), module.body(), tag);
  }

  private void sendReleased(RoutingContext context, AssetRoutes assets) {
    String path = context.request().path();
    Asset kept = released.at(path);
    if (kept != null) {
      kept.send(context);
    } else if (found != null && found.path().equals(path)) {
      found.send(context);
    } else if (MODULE.matcher(path).matches()) {
      peers.find().apply(path).onSuccess(content -> sendFound(context, path, content, assets));
    } else {
      assets.sendOwnInstead(context);
    }
  }

  private void sendFound(RoutingContext context, String path, Buffer content, AssetRoutes assets) {
    Asset other = content == null ? null : Asset.ofModule(content.getBytes());
    if (other == null || !other.path().equals(path)) {
      assets.sendOwnInstead(context);
      return;
    }
    found = other;
    other.send(context);
  }

  private void describe(RoutingContext context) {
    Asset.allowAnyOrigin(context.response())
        .putHeader(HttpHeaders.CACHE_CONTROL, site.isFixed() ? FIVE_MINUTES : NO_STORE);
    JsonObject description =
        new JsonObject()
            .put("src", site.origin(context.request()) + module.path())
            .put("integrity", module.integrity())
            .put("bytes", compressedBytes);
    Reply.send(context, Reply.JSON, Buffer.buffer(description.encode()));
  }
}
