package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the static files of the pages, each at its address. A page of another release asks for
 * files with other hashes; it gets those of this release in their place, so that it works whichever
 * node it meets (docs/adr/0054-files-of-another-release.md). Confined to one event loop.
 */
final class AssetRoutes {

  private static final Pattern ADDRESS =
      Pattern.compile("/assets/([a-z-]+)\\.[\\da-f]{8}\\.[a-z]+");

  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private final Routes routes;
  private final Map<String, Asset> byName = new HashMap<>();

  AssetRoutes(Routes routes) {
    this.routes = routes;
  }

  /** Adds the route of a file. */
  void add(Asset file) {
    byName.put(name(file.path()), file);
    routes.read(file.path(), file::send);
  }

  /**
   * Answers a request for a file of another release: with the file of that name, or 404 if there is
   * none. The answer is not to be kept, because its content is not that of its address.
   */
  void sendOwnInstead(RoutingContext context) {
    Asset own = byName.get(name(context.request().path()));
    if (own == null) {
      context.fail(Problems.noSuchResource(context));
      return;
    }
    Asset.beginWhole(context.response())
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .putHeader(HttpHeaders.CONTENT_LOCATION, own.path());
    Reply.send(context, own.contentType(), own.body());
  }

  /** The address without its hash; null if it is none of a file. */
  private static String name(String path) {
    Matcher address = ADDRESS.matcher(path);
    return address.matches() ? address.group(1) + path.substring(path.lastIndexOf('.')) : null;
  }
}
