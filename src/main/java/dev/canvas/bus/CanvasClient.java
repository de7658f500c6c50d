package dev.canvas.bus;

import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Canvas for other services on the same event bus. Every method returns at once; what goes wrong
 * arrives as a {@link ProblemException}. Thread-safe. Needs no codec: it speaks JSON.
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

  /** A client that waits for an answer for a second at most. */
  public CanvasClient(EventBus bus) {
    this(bus, Duration.ofSeconds(1));
  }

  /**
   * @param timeout the longest to wait for an answer, from a millisecond up
   */
  public CanvasClient(EventBus bus, Duration timeout) {
    this.requests = new Requests(bus, timeout);
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
