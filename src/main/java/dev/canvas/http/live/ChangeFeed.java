package dev.canvas.http.live;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Where the changes of single products are heard of. */
@FunctionalInterface
public interface ChangeFeed {

  /**
   * Begins to hear of a product's changes.
   *
   * @param told called with each, on the caller's event loop
   * @return ends it
   */
  Runnable follow(ProductId productId, Consumer<JsonObject> told);
}
