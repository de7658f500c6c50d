package dev.canvas.bus;

import dev.canvas.client.Addresses;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes committed changes to all nodes of the cluster ({@link Addresses#MEDIA_CHANGED}), or to
 * this node alone if all others are told another way, and forwards them on each node to one local
 * address per product. Thread-safe: what it remembers belongs to the event loop on which it
 * forwards.
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

  public ChangeEvents(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Publishes a change to all nodes of the cluster. */
  public void publish(ProductId productId, long version, boolean deleted) {
    vertx.eventBus().publish(Addresses.MEDIA_CHANGED, event(productId, version, deleted));
  }

  /**
   * Publishes a change on this node that it was told outside the bus, unless the bus has brought it
   * already.
   */
  public void heard(ProductId productId, long version, boolean deleted) {
    vertx.eventBus().publish(NodeAddresses.CHANGE_HEARD, event(productId, version, deleted), LOCAL);
  }

  private static JsonObject event(ProductId productId, long version, boolean deleted) {
    return new JsonObject()
        .put("product_id", productId.value())
        .put("version", version)
        .put("change", deleted ? "delete" : "put");
  }

  /**
   * Starts to forward the changes that reach this node, over the bus or outside of it, to this
   * node's subscribers of single products.
   */
  public Future<Void> fanOut() {
    Promise<Void> registered = Promise.promise();
    // Both consumers share what is remembered, so they have to share the event loop.
    vertx.runOnContext(loop -> register().onComplete(registered));
    return registered.future();
  }

  private Future<Void> register() {
    MessageConsumer<JsonObject> published =
        vertx.eventBus().consumer(Addresses.MEDIA_CHANGED, this::fanOut);
    MessageConsumer<JsonObject> heard =
        vertx.eventBus().localConsumer(NodeAddresses.CHANGE_HEARD, this::publishHere);
    return Future.all(published.completion(), heard.completion()).mapEmpty();
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

  /** The same for the changes of all products. */
  public static Runnable followAll(Vertx vertx, Consumer<JsonObject> onChange) {
    MessageConsumer<JsonObject> consumer =
        vertx
            .eventBus()
            .localConsumer(NodeAddresses.CHANGE_TOLD, change -> onChange.accept(change.body()));
    return consumer::unregister;
  }

  private static String addressOf(long productId) {
    return Addresses.MEDIA_CHANGED + "." + productId;
  }

  private void publishHere(Message<JsonObject> message) {
    JsonObject change = message.body();
    if (newest.getOrDefault(change.getLong("product_id"), -1L) < change.getLong("version")) {
      vertx.eventBus().publish(Addresses.MEDIA_CHANGED, change, LOCAL);
    }
  }

  private void fanOut(Message<JsonObject> message) {
    JsonObject change = message.body();
    Long productId = change.getLong("product_id");
    Long version = change.getLong("version");
    // Delivery is at least once, so an event may come twice, or after a newer one.
    Long before = newest.get(productId);
    if (before == null || before < version) {
      newest.put(productId, version);
      // In this order: who hears of a change to one product, and then follows all, has not missed
      // it, and does not hear of it again.
      vertx.eventBus().publish(NodeAddresses.CHANGE_TOLD, change, LOCAL);
      vertx.eventBus().publish(addressOf(productId), change, LOCAL);
    }
  }
}
