package dev.canvas.http.live;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A browser's socket and the products that it follows. It uses the frames of Vert.x's event-bus
 * bridge, so existing clients work: it accepts {@code ping}, {@code register} and {@code
 * unregister}, and sends {@code rec} and {@code err}. Clients cannot send or publish.
 *
 * <p>Not thread-safe: confined to one event loop.
 */
final class LiveListener {

  /** The maximum number of products that a socket may follow. */
  static final int MAX_PRODUCTS = 100;

  private final ChangeFeed feed;
  private final MediaService media;
  private final LiveMetrics metrics;
  private final SockJSSocket socket;
  private final String prefix;
  private final Map<String, Runnable> subscriptions = new HashMap<>();
  private long lastFrameNanos = System.nanoTime();

  /**
   * @param media reads the state that a browser starts from
   * @param addressPrefix the address of a product's changes, without its dot and product id
   */
  LiveListener(
      ChangeFeed feed,
      MediaService media,
      LiveMetrics metrics,
      SockJSSocket socket,
      String addressPrefix) {
    this.feed = feed;
    this.media = media;
    this.metrics = metrics;
    this.socket = socket;
    this.prefix = addressPrefix + ".";
  }

  SockJSSocket socket() {
    return socket;
  }

  /** The time since the last frame, in nanoseconds. */
  long idleNanos() {
    return System.nanoTime() - lastFrameNanos;
  }

  /** Handles a frame; an invalid frame is answered with an error. */
  void receive(Buffer frame) {
    lastFrameNanos = System.nanoTime();
    JsonObject message;
    try {
      message = StrictJson.object(frame, "The frame");
    } catch (ProblemException unreadable) {
      sendError(
          "invalid_json",
          unreadable.getMessage() + "; expected an object such as {\"type\":\"ping\"}");
      return;
    }
    Object type = message.getValue("type");
    Object address = message.getValue("address");
    if (type == null) {
      sendError("missing_type", "Expected a type: ping, register or unregister");
    } else if (type.equals("send") || type.equals("publish")) {
      metrics.refused(LiveMetrics.Refused.COMMAND);
      sendError(
          "rejected", "Clients cannot send or publish here: expected register, unregister or ping");
    } else if (type.equals("register")) {
      subscribe(address);
    } else if (type.equals("unregister")) {
      unsubscribe(address);
    } else if (!type.equals("ping")) {
      sendError("invalid_type", "Expected the type ping, register or unregister");
    }
  }

  /** Cancels all subscriptions. */
  void close() {
    subscriptions.values().forEach(Runnable::run);
    subscriptions.clear();
  }

  private void subscribe(Object requested) {
    Optional<ProductId> productId = product(requested);
    if (productId.isEmpty()) {
      return;
    }
    String address = prefix + productId.get();
    if (subscriptions.containsKey(address)) {
      sendError("address_already_registered", "Already registered: " + address);
    } else if (subscriptions.size() == MAX_PRODUCTS) {
      sendError("max_handlers_reached", "A socket follows at most " + MAX_PRODUCTS + " products");
    } else {
      subscriptions.put(
          address, feed.subscribe(productId.get(), change -> changed(address, change)));
      sendState(address, productId.get());
    }
  }

  private void changed(String address, JsonObject change) {
    metrics.sent();
    sendChange(address, change);
  }

  private void unsubscribe(Object requested) {
    product(requested)
        .map(productId -> subscriptions.remove(prefix + productId))
        .ifPresent(Runnable::run);
  }

  /**
   * Sends the product's current state as if it had just changed, because what the browser shows may
   * be older than its subscription. Sends nothing if the store is unavailable.
   */
  private void sendState(String address, ProductId productId) {
    media
        .get(productId)
        .onSuccess(
            lookup -> {
              if (subscriptions.containsKey(address)) {
                sendChange(address, change(lookup));
              }
            });
  }

  private static JsonObject change(Lookup lookup) {
    return new JsonObject()
        .put("product_id", lookup.productId().value())
        .put("version", lookup.media().map(ProductMedia::version).orElse(0L))
        .put("change", lookup.media().isPresent() ? "put" : "delete");
  }

  /** Returns the product of an address; answers an invalid address with an error. */
  private Optional<ProductId> product(Object address) {
    if (address == null) {
      sendError("missing_address", "Expected an address such as " + prefix + "42");
      return Optional.empty();
    }
    if (address instanceof String text && text.startsWith(prefix)) {
      try {
        ProductId productId = ProductId.parse(text.substring(prefix.length()));
        // Each product has exactly one address: leading zeros are not accepted.
        if (text.equals(prefix + productId)) {
          return Optional.of(productId);
        }
      } catch (ProblemException notAnId) {
        // Refused below, like any other invalid address.
      }
    }
    sendError(
        "access_denied", "Expected the address of a product's changes, such as " + prefix + "42");
    return Optional.empty();
  }

  private void sendChange(String address, JsonObject change) {
    JsonObject frame =
        new JsonObject().put("type", "rec").put("address", address).put("body", change);
    socket.write(frame.toBuffer());
  }

  private void sendError(String code, String message) {
    JsonObject frame =
        new JsonObject().put("type", "err").put("body", code).put("message", message);
    socket.write(frame.toBuffer());
  }
}
