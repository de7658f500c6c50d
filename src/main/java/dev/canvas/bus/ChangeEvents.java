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
 * The events of committed changes ({@link Addresses#MEDIA_CHANGED}) and their fan-out to an address
 * a product. Belongs to one event loop.
 */
public final class ChangeEvents {

  /** Products whose newest version is remembered, to drop what comes late. */
  private static final int REMEMBERED = 10_000;

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Vertx vertx;
  private final Map<Long, Long> newest =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** To be made on the event loop that fans out. */
  public ChangeEvents(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Tells all nodes of a change. */
  public void tell(ProductId productId, long version, boolean deleted) {
    vertx
        .eventBus()
        .publish(
            Addresses.MEDIA_CHANGED,
            new JsonObject()
                .put("product_id", productId.value())
                .put("version", version)
                .put("change", deleted ? "delete" : "put"));
  }

  /** From now on tells this node's listeners of single products what all nodes are told. */
  public Future<Void> fanOut() {
    MessageConsumer<JsonObject> consumer =
        vertx.eventBus().consumer(Addresses.MEDIA_CHANGED, this::fanOut);
    return consumer.completion();
  }

  /**
   * Tells of the changes of a product that this node is told of; to be called on an event loop, on
   * which they are told. Other nodes hear nothing of who listens.
   *
   * @return ends it
   */
  public static Runnable follow(Vertx vertx, ProductId productId, Consumer<JsonObject> told) {
    MessageConsumer<JsonObject> consumer =
        vertx
            .eventBus()
            .localConsumer(ofProduct(productId.value()), change -> told.accept(change.body()));
    return consumer::unregister;
  }

  private static String ofProduct(long productId) {
    return Addresses.MEDIA_CHANGED + "." + productId;
  }

  private void fanOut(Message<JsonObject> message) {
    JsonObject change = message.body();
    Long productId = change.getLong("product_id");
    Long version = change.getLong("version");
    // At least once means that one may come again, or after its successor.
    if (newest.merge(productId, version, Math::max).equals(version)) {
      vertx.eventBus().publish(ofProduct(productId), change, LOCAL);
    }
  }
}
