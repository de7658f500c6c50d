package dev.canvas.http.live;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A browser's socket, and the products that it hears of. It speaks the frames of Vert.x's event-bus
 * bridge, so that clients of that one do, but for those that send: {@code ping}, {@code register}
 * and {@code unregister} come in, {@code rec} and {@code err} go out.
 *
 * <p>Belongs to one event loop.
 */
final class LiveListener {

  /** How many products a socket may hear of. */
  static final int MAX_PRODUCTS = 100;

  private final ChangeFeed feed;
  private final MediaService media;
  private final LiveMetrics metrics;
  private final SockJSSocket socket;
  private final String prefix;
  private final Map<String, Runnable> followed = new HashMap<>();
  private long heardAt = System.nanoTime();

  /**
   * @param media tells of the state that a browser begins with
   * @param changes the address that those of single products begin with
   */
  LiveListener(
      ChangeFeed feed,
      MediaService media,
      LiveMetrics metrics,
      SockJSSocket socket,
      String changes) {
    this.feed = feed;
    this.media = media;
    this.metrics = metrics;
    this.socket = socket;
    this.prefix = changes + ".";
  }

  SockJSSocket socket() {
    return socket;
  }

  /** For how long it has said nothing, in nanoseconds. */
  long silence() {
    return System.nanoTime() - heardAt;
  }

  /** Takes a frame; whatever is wrong with it is answered. */
  void hear(Buffer frame) {
    heardAt = System.nanoTime();
    Optional<JsonObject> said = read(frame);
    if (said.isEmpty()) {
      refuse("invalid_json", "Expected a JSON object such as {\"type\":\"ping\"}");
      return;
    }
    Object type = said.get().getValue("type");
    Object address = said.get().getValue("address");
    if (type == null) {
      refuse("missing_type", "Expected a type: ping, register or unregister");
    } else if (type.equals("send") || type.equals("publish")) {
      metrics.refused(LiveMetrics.Refused.COMMAND);
      refuse("rejected", "Nothing is taken here: expected register, unregister or ping");
    } else if (type.equals("register")) {
      follow(address);
    } else if (type.equals("unregister")) {
      leave(address);
    } else if (!type.equals("ping")) {
      refuse("invalid_type", "Expected the type ping, register or unregister");
    }
  }

  /** Hears no more of anything. */
  void end() {
    followed.values().forEach(Runnable::run);
    followed.clear();
  }

  private void follow(Object wanted) {
    Optional<ProductId> productId = product(wanted);
    if (productId.isEmpty()) {
      return;
    }
    String address = prefix + productId.get();
    if (followed.containsKey(address)) {
      refuse("address_already_registered", "It is followed already: " + address);
    } else if (followed.size() == MAX_PRODUCTS) {
      refuse("max_handlers_reached", "A socket follows at most " + MAX_PRODUCTS + " products");
    } else {
      followed.put(address, feed.follow(productId.get(), change -> changed(address, change)));
      begin(address, productId.get());
    }
  }

  private void changed(String address, JsonObject change) {
    metrics.told();
    tell(address, change);
  }

  private void leave(Object wanted) {
    product(wanted).map(productId -> followed.remove(prefix + productId)).ifPresent(Runnable::run);
  }

  /**
   * Tells of the product's state as if it had just changed: what the browser shows may be of before
   * it listened. A store that is away tells nothing.
   */
  private void begin(String address, ProductId productId) {
    media
        .get(productId)
        .onSuccess(
            lookup -> {
              if (followed.containsKey(address)) {
                tell(address, change(lookup));
              }
            });
  }

  private static JsonObject change(Lookup lookup) {
    return new JsonObject()
        .put("product_id", lookup.productId().value())
        .put("version", lookup.media().map(ProductMedia::version).orElse(0L))
        .put("change", lookup.media().isPresent() ? "put" : "delete");
  }

  /** The product that an address is of; answers where it is none. */
  private Optional<ProductId> product(Object address) {
    if (address == null) {
      refuse("missing_address", "Expected an address such as " + prefix + "42");
      return Optional.empty();
    }
    if (address instanceof String text && text.startsWith(prefix)) {
      try {
        ProductId productId = ProductId.parse(text.substring(prefix.length()));
        // Each product has one address: none with zeros before the number.
        if (text.equals(prefix + productId)) {
          return Optional.of(productId);
        }
      } catch (ProblemException noNumber) {
        // Answered below, as any other address.
      }
    }
    refuse("access_denied", "Expected the address of a product's changes, as " + prefix + "42");
    return Optional.empty();
  }

  private void tell(String address, JsonObject change) {
    JsonObject frame =
        new JsonObject().put("type", "rec").put("address", address).put("body", change);
    socket.write(frame.toBuffer());
  }

  private void refuse(String word, String message) {
    JsonObject frame =
        new JsonObject().put("type", "err").put("body", word).put("message", message);
    socket.write(frame.toBuffer());
  }

  private static Optional<JsonObject> read(Buffer frame) {
    try {
      return Json.decodeValue(frame) instanceof JsonObject said
          ? Optional.of(said)
          : Optional.empty();
    } catch (DecodeException noJson) {
      return Optional.empty();
    }
  }
}
