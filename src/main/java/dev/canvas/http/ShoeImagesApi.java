package dev.canvas.http;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The API of the first service, whose pages ask for the pictures of a shoe. Thread-safe. */
final class ShoeImagesApi {

  private final MediaService media;

  ShoeImagesApi(MediaService media) {
    this.media = media;
  }

  void install(Routes routes) {
    // With and without a slash at the end: both were in use.
    routes.read("/api/images", this::get);
  }

  private void get(RoutingContext context) {
    ProductId productId = ProductId.parse(Query.once(context, "shoe_id"));
    Reply.to(context, media.get(productId), lookup -> answer(context, lookup));
  }

  private static void answer(RoutingContext context, Lookup lookup) {
    List<MediaItem> items = lookup.required().items();
    JsonObject answer =
        new JsonObject()
            .put("shoe_id", lookup.productId().value())
            .put("source", lookup.source().isCached() ? "cache" : "database")
            .put("data", urls(items, MediaItem.Type.IMAGE))
            .put("videos", urls(items, MediaItem.Type.VIDEO));
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    Reply.send(context, Reply.JSON, answer.toBuffer());
  }

  private static JsonArray urls(List<MediaItem> items, MediaItem.Type type) {
    return new JsonArray(
        items.stream().filter(item -> item.type() == type).map(MediaItem::url).toList());
  }
}
