package dev.canvas.bus;

import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Canvas for other services on the same event bus. Every method returns at once; what goes wrong
 * arrives as a {@code ProblemException}, a write of which nobody knows whether it was made as
 * {@link dev.canvas.media.Problem#OUTCOME_UNKNOWN}. Thread-safe. Needs no codec: it speaks JSON.
 */
public final class CanvasClient {

  /**
   * The answer to a batch. Immutable.
   *
   * @param found the media of the products that have some, in the order asked
   * @param missing the products that have none, in the order asked
   */
  public record Batch(List<ProductMedia> found, List<ProductId> missing) {}

  private final Requests requests;
  private final OptionalLong ifVersion;

  /** A client that waits for an answer for a second at most. */
  public CanvasClient(EventBus bus) {
    this(bus, Duration.ofSeconds(1));
  }

  /**
   * @param timeout the longest to wait for an answer, from a millisecond up
   */
  public CanvasClient(EventBus bus, Duration timeout) {
    this(new Requests(bus, timeout), OptionalLong.empty());
  }

  private CanvasClient(Requests requests, OptionalLong ifVersion) {
    this.requests = requests;
    this.ifVersion = ifVersion;
  }

  /**
   * The same client, whose writes are made only of products at a version; they fail with {@link
   * dev.canvas.media.Problem#PRECONDITION_FAILED} at another.
   *
   * @param version 0 for products without media
   */
  public CanvasClient ifVersion(long version) {
    return new CanvasClient(requests, OptionalLong.of(version));
  }

  /**
   * The media of one product; fails with {@link dev.canvas.media.Problem#PRODUCT_NOT_FOUND} where
   * it has none.
   */
  public Future<ProductMedia> get(ProductId productId) {
    return request(Addresses.MEDIA_GET, new JsonObject().put("product_id", productId.value()))
        .map(CanvasClient::media);
  }

  /**
   * The media of several products.
   *
   * @param productIds 1 … 100 of them
   */
  public Future<Batch> batch(List<ProductId> productIds) {
    JsonArray ids = new JsonArray();
    productIds.forEach(id -> ids.add(id.value()));
    return request(Addresses.MEDIA_BATCH, new JsonObject().put("product_ids", ids))
        .map(
            batch ->
                new Batch(
                    batch.getJsonArray("found").stream()
                        .map(document -> media((JsonObject) document))
                        .toList(),
                    batch.getJsonArray("missing").stream()
                        .map(id -> new ProductId(((Number) id).longValue()))
                        .toList()));
  }

  /**
   * Replaces all items; those without an id are given one. As often as it is asked, it is done
   * once.
   *
   * @param items at most {@value dev.canvas.media.MediaRules#MAX_ITEMS}
   */
  public Future<ProductMedia> put(ProductId productId, List<MediaItem> items) {
    return write(
        Addresses.MEDIA_PUT,
        request(productId).put("media", ItemsJson.encode(items).toJsonArray()));
  }

  /** Appends an item, which is given an id. */
  public Future<ProductMedia> add(ProductId productId, MediaItem item) {
    return write(Addresses.MEDIA_PATCH, adding(productId, item));
  }

  /**
   * Puts an item before another; it is given an id.
   *
   * @param position 0-based, at most the number of items
   */
  public Future<ProductMedia> add(ProductId productId, MediaItem item, int position) {
    return write(Addresses.MEDIA_PATCH, adding(productId, item).put("position", position));
  }

  /**
   * Changes attributes of an item.
   *
   * @param patch a merge patch (RFC 7396)
   */
  public Future<ProductMedia> update(ProductId productId, long itemId, JsonObject patch) {
    return write(
        Addresses.MEDIA_PATCH,
        request(productId).put("op", "update").put("item", itemId).put("value", patch));
  }

  /** Takes an item away. */
  public Future<ProductMedia> remove(ProductId productId, long itemId) {
    return write(Addresses.MEDIA_PATCH, request(productId).put("op", "remove").put("item", itemId));
  }

  /**
   * Puts the items in another order.
   *
   * @param itemIds all of them
   */
  public Future<ProductMedia> order(ProductId productId, List<Long> itemIds) {
    return write(
        Addresses.MEDIA_PATCH,
        request(productId).put("op", "order").put("order", new JsonArray(itemIds)));
  }

  /** Takes all media of a product away; the answer is the version of their absence. */
  public Future<Long> delete(ProductId productId) {
    return written(Addresses.MEDIA_DELETE, request(productId))
        .map(deleted -> deleted.getLong("version"));
  }

  private JsonObject adding(ProductId productId, MediaItem item) {
    JsonObject value = ItemsJson.encode(List.of(item)).toJsonArray().getJsonObject(0);
    return request(productId).put("op", "add").put("value", value);
  }

  private JsonObject request(ProductId productId) {
    JsonObject request = new JsonObject().put("product_id", productId.value());
    ifVersion.ifPresent(version -> request.put("if_version", version));
    return request;
  }

  private Future<ProductMedia> write(String address, JsonObject body) {
    return written(address, body).map(CanvasClient::media);
  }

  private Future<JsonObject> written(String address, JsonObject body) {
    return requests
        .<JsonObject>ask(address, body)
        .recover(failure -> Future.failedFuture(BusMediaService.problemOfWrite(failure)));
  }

  private Future<JsonObject> request(String address, JsonObject body) {
    return requests
        .<JsonObject>ask(address, body)
        .recover(failure -> Future.failedFuture(BusMediaService.problem(failure)));
  }

  private static ProductMedia media(JsonObject document) {
    return new ProductMedia(
        new ProductId(document.getLong("product_id")),
        document.getLong("version"),
        document.toBuffer());
  }
}
