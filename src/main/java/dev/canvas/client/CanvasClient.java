package dev.canvas.client;

import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Reads and writes media from other services on the same event bus. It speaks JSON, so it needs no
 * codec. Every method returns at once. A failure arrives as a {@code ProblemException}: {@link
 * Problem#OUTCOME_UNKNOWN} for a write that may or may not have been made. Thread-safe.
 */
public final class CanvasClient {

  /**
   * The answer to a batch. Immutable.
   *
   * @param found the media of the products that have some, in the order of the request
   * @param missing the products that have none, in the order of the request
   * @param failed why the others cannot be read
   */
  public record Batch(
      List<ProductMedia> found, List<ProductId> missing, Map<ProductId, ProblemException> failed) {}

  private final JsonSender sender;
  private final OptionalLong ifVersion;

  /** Creates a client with a timeout of one second. */
  public CanvasClient(EventBus bus) {
    this(bus, Duration.ofSeconds(1));
  }

  /**
   * @param timeout how long to wait for an answer, at least 1 ms
   */
  public CanvasClient(EventBus bus, Duration timeout) {
    this(new JsonSender(bus, timeout, new RetryBudget(() -> {}, () -> {})), OptionalLong.empty());
  }

  private CanvasClient(JsonSender sender, OptionalLong ifVersion) {
    this.sender = sender;
    this.ifVersion = ifVersion;
  }

  /**
   * A client whose writes fail with {@link Problem#PRECONDITION_FAILED} unless the product has this
   * version.
   *
   * @param version 0 stands for a product without media
   */
  public CanvasClient ifVersion(long version) {
    return new CanvasClient(sender, OptionalLong.of(version));
  }

  /**
   * Reads the media of one product. Fails with {@link Problem#PRODUCT_NOT_FOUND} if it has none.
   */
  public Future<ProductMedia> get(ProductId productId) {
    return sender
        .read(Addresses.MEDIA_GET, new JsonObject().put("product_id", productId.value()))
        .map(CanvasClient::media);
  }

  /**
   * Reads the media of several products.
   *
   * @param productIds 1 … 100 of them
   */
  public Future<Batch> batch(List<ProductId> productIds) {
    JsonArray ids = new JsonArray();
    productIds.forEach(id -> ids.add(id.value()));
    return sender
        .read(Addresses.MEDIA_BATCH, new JsonObject().put("product_ids", ids))
        .map(
            batch ->
                new Batch(
                    batch.getJsonArray("found").stream()
                        .map(document -> media((JsonObject) document))
                        .toList(),
                    batch.getJsonArray("missing").stream()
                        .map(id -> new ProductId(((Number) id).longValue()))
                        .toList(),
                    batch.getJsonArray("failed", new JsonArray()).stream()
                        .map(JsonObject.class::cast)
                        .collect(
                            Collectors.toUnmodifiableMap(
                                member -> new ProductId(member.getLong("product_id")),
                                member -> ProblemException.fromJson(member.encode())))));
  }

  /**
   * Replaces all items. Those without an id get one. Idempotent.
   *
   * @param items at most {@value MediaRules#MAX_ITEMS}
   */
  public Future<ProductMedia> put(ProductId productId, List<MediaItem> items) {
    return write(
        Addresses.MEDIA_PUT,
        request(productId).put("media", ItemsJson.encode(items).toJsonArray()));
  }

  /** Appends an item, which gets an id. */
  public Future<ProductMedia> add(ProductId productId, MediaItem item) {
    return write(Addresses.MEDIA_PATCH, addRequest(productId, item));
  }

  /**
   * Inserts an item, which gets an id.
   *
   * @param position 0-based, at most the number of items
   */
  public Future<ProductMedia> add(ProductId productId, MediaItem item, int position) {
    return write(Addresses.MEDIA_PATCH, addRequest(productId, item).put("position", position));
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

  /** Removes an item. */
  public Future<ProductMedia> remove(ProductId productId, long itemId) {
    return write(Addresses.MEDIA_PATCH, request(productId).put("op", "remove").put("item", itemId));
  }

  /**
   * Puts the items into another order.
   *
   * @param itemIds the ids of all items
   */
  public Future<ProductMedia> order(ProductId productId, List<Long> itemIds) {
    return write(
        Addresses.MEDIA_PATCH,
        request(productId).put("op", "order").put("order", new JsonArray(itemIds)));
  }

  /** Deletes all media of a product and returns the version of the deletion. */
  public Future<Long> delete(ProductId productId) {
    return sender
        .write(Addresses.MEDIA_DELETE, request(productId))
        .map(deleted -> deleted.getLong("version"));
  }

  private JsonObject addRequest(ProductId productId, MediaItem item) {
    JsonObject value = ItemsJson.encode(List.of(item)).toJsonArray().getJsonObject(0);
    return request(productId).put("op", "add").put("value", value);
  }

  private JsonObject request(ProductId productId) {
    JsonObject request = new JsonObject().put("product_id", productId.value());
    ifVersion.ifPresent(version -> request.put("if_version", version));
    return request;
  }

  private Future<ProductMedia> write(String address, JsonObject body) {
    return sender.write(address, body).map(CanvasClient::media);
  }

  private static ProductMedia media(JsonObject document) {
    return new ProductMedia(
        new ProductId(document.getLong("product_id")),
        document.getLong("version"),
        document.toBuffer());
  }
}
