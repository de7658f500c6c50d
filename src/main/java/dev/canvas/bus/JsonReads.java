package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The reads of other services on the bus: JSON in, JSON out. Thread-safe if what it asks is. */
final class JsonReads {

  private final MediaService media;

  JsonReads(MediaService media) {
    this.media = media;
  }

  Future<JsonObject> get(Object body) {
    ProductId productId =
        productId(InFlightRequests.object(body).getValue("product_id"), "product_id");
    return media.get(productId).map(lookup -> lookup.required().document().toJsonObject());
  }

  Future<JsonObject> batch(Object body) {
    if (!(InFlightRequests.object(body).getValue("product_ids") instanceof JsonArray asked)) {
      throw Problem.MALFORMED_REQUEST.because("'product_ids' is not an array of product ids");
    }
    List<ProductId> productIds =
        asked.stream().map(id -> productId(id, "product_ids")).distinct().toList();
    if (productIds.isEmpty() || productIds.size() > MediaService.MAX_BATCH) {
      throw Problem.MALFORMED_REQUEST.because(
          "'product_ids' holds %d ids: expected 1 to %d",
          productIds.size(), MediaService.MAX_BATCH);
    }
    return media.batch(productIds).map(JsonReads::answer);
  }

  private static JsonObject answer(List<Lookup> lookups) {
    JsonArray found = new JsonArray();
    JsonArray missing = new JsonArray();
    for (Lookup lookup : lookups) {
      lookup
          .media()
          .ifPresentOrElse(
              media -> found.add(media.document().toJsonObject()),
              () -> missing.add(lookup.productId().value()));
    }
    return new JsonObject().put("found", found).put("missing", missing);
  }

  static ProductId productId(Object value, String key) {
    if (value instanceof Integer || value instanceof Long) {
      return new ProductId(((Number) value).longValue());
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' holds %s: expected a whole number from %d to %d",
        key, value, ProductId.MIN, ProductId.MAX);
  }
}
