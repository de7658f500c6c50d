package dev.canvas.http.live;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Subscribes to the changes of single products. */
@FunctionalInterface
public interface ChangeFeed {

  /**
   * Subscribes to a product's changes.
   *
   * @param listener receives each change, on the caller's event loop
   * @return cancels the subscription
   */
  Runnable subscribe(ProductId productId, Consumer<JsonObject> listener);
}
