package dev.canvas.bus;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes committed changes to all nodes ({@link Addresses#MEDIA_CHANGED}), and forwards them on
 * each node to one local address per product. Not thread-safe: belongs to one event loop.
 */
public final class ChangeEvents {

  /**
   * The number of products whose newest version is remembered, so that older events can be dropped.
   */
  private static final int MAX_REMEMBERED = 10_000;

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Vertx vertx;
  private final Map<Long, Long> newest =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** Must be called on the event loop that fans out. */
  public ChangeEvents(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Publishes a change to all nodes. */
  public void publish(ProductId productId, long version, boolean deleted) {
    vertx
        .eventBus()
        .publish(
            Addresses.MEDIA_CHANGED,
            new JsonObject()
                .put("product_id", productId.value())
                .put("version", version)
                .put("change", deleted ? "delete" : "put"));
  }

  /**
   * Starts to forward the changes that all nodes receive to this node's subscribers of single
   * products.
   */
  public Future<Void> fanOut() {
    MessageConsumer<JsonObject> consumer =
        vertx.eventBus().consumer(Addresses.MEDIA_CHANGED, this::fanOut);
    return consumer.completion();
  }

  /**
   * Subscribes to the changes of a product that reach this node. Must be called on an event loop,
   * which then receives the events. The subscription is local: other nodes do not learn of it.
   *
   * @return ends the subscription
   */
  public static Runnable follow(Vertx vertx, ProductId productId, Consumer<JsonObject> onChange) {
    MessageConsumer<JsonObject> consumer =
        vertx
            .eventBus()
            .localConsumer(addressOf(productId.value()), change -> onChange.accept(change.body()));
    return consumer::unregister;
  }

  private static String addressOf(long productId) {
    return Addresses.MEDIA_CHANGED + "." + productId;
  }

  private void fanOut(Message<JsonObject> message) {
    JsonObject change = message.body();
    Long productId = change.getLong("product_id");
    Long version = change.getLong("version");
    // Delivery is at least once, so an event may come twice, or after a newer one.
    if (newest.merge(productId, version, Math::max).equals(version)) {
      vertx.eventBus().publish(addressOf(productId), change, LOCAL);
    }
  }
}
