package dev.canvas.http.bridge;

import dev.canvas.http.live.ChangeFeed;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a client of the bridge follows: all changes, or those of single products. Not thread-safe:
 * confined to one event loop.
 */
final class BridgeSubscriptions {

  /** The maximum number of addresses that a connection may register. */
  static final int MAX = 1_000;

  /** Why an address is not registered. */
  record Refusal(String code, String detail) {}

  private final Function<Consumer<JsonObject>, Runnable> all;
  private final ChangeFeed feed;
  private final MediaService media;
  private final String changes;
  private final Map<String, Runnable> subscriptions = new HashMap<>();

  /**
   * @param all subscribes to the changes of all products
   * @param feed subscribes to the changes of one
   * @param media reads the state that a client starts from
   * @param changes the address of all changes; a dot and its id follow for those of one product
   */
  BridgeSubscriptions(
      Function<Consumer<JsonObject>, Runnable> all,
      ChangeFeed feed,
      MediaService media,
      String changes) {
    this.all = all;
    this.feed = feed;
    this.media = media;
    this.changes = changes;
  }

  /**
   * Subscribes to an address. The present state of a single product is sent first, as if it had
   * just changed: what the client has may be older.
   *
   * @param listener receives the address and each change
   * @return why the address is refused; empty if it is not
   */
  Optional<Refusal> subscribe(String address, BiConsumer<String, JsonObject> listener) {
    Optional<ProductId> product = product(address);
    if (!address.equals(changes) && product.isEmpty()) {
      return Optional.of(
          new Refusal("access_denied", "Expected %s, or %s.42".formatted(changes, changes)));
    }
    if (subscriptions.containsKey(address)) {
      return Optional.of(
          new Refusal("address_already_registered", "Already registered: " + address));
    }
    if (subscriptions.size() == MAX) {
      return Optional.of(
          new Refusal(
              "max_handlers_reached", "A connection registers at most " + MAX + " addresses"));
    }
    Consumer<JsonObject> onChange = change -> listener.accept(address, change);
    if (product.isEmpty()) {
      subscriptions.put(address, all.apply(onChange));
    } else {
      subscriptions.put(address, feed.subscribe(product.get(), onChange));
      media
          .get(product.get())
          .onSuccess(
              lookup -> {
                if (subscriptions.containsKey(address)) {
                  onChange.accept(change(lookup));
                }
              });
    }
    return Optional.empty();
  }

  /** Ends a subscription; returns whether there was one. */
  boolean cancel(String address) {
    Runnable subscription = subscriptions.remove(address);
    if (subscription == null) {
      return false;
    }
    subscription.run();
    return true;
  }

  void cancelAll() {
    subscriptions.values().forEach(Runnable::run);
    subscriptions.clear();
  }

  private Optional<ProductId> product(String address) {
    if (address.startsWith(changes + ".")) {
      try {
        ProductId productId = ProductId.parse(address.substring(changes.length() + 1));
        // Each product has exactly one address: leading zeros are not accepted.
        return address.equals(changes + "." + productId)
            ? Optional.of(productId)
            : Optional.empty();
      } catch (ProblemException notAnId) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static JsonObject change(Lookup lookup) {
    return new JsonObject()
        .put("product_id", lookup.productId().value())
        .put("version", lookup.media().map(ProductMedia::version).orElse(0L))
        .put("change", lookup.media().isPresent() ? "put" : "delete");
  }
}
