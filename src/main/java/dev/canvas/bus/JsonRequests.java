package dev.canvas.bus;

import dev.canvas.client.Addresses;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Serves the JSON requests of other services on the event bus ({@code canvas.media.*}). Every
 * method throws or fails with a {@code ProblemException}. As thread-safe as the media service.
 */
final class JsonRequests {

  /** The members that every write may have. */
  private static final List<String> COMMON = List.of("product_id", "if_version");

  private final MediaService media;
  private final MediaReader reader;

  JsonRequests(MediaService media, MediaReader reader) {
    this.media = media;
    this.reader = reader;
  }

  /** Answers {@link Addresses#MEDIA_GET}. */
  Future<JsonObject> get(Object body) {
    return media
        .get(productId(object(body)))
        .map(lookup -> lookup.required().document().toJsonObject());
  }

  /** Answers {@link Addresses#MEDIA_BATCH}. */
  Future<JsonObject> batch(Object body) {
    if (!(object(body).getValue("product_ids") instanceof JsonArray requested)) {
      throw Problem.MALFORMED_REQUEST.because("'product_ids' is not an array of product ids");
    }
    List<ProductId> productIds =
        requested.stream().map(id -> productId(id, "product_ids")).distinct().toList();
    if (productIds.isEmpty() || productIds.size() > MediaService.MAX_BATCH) {
      throw Problem.MALFORMED_REQUEST.because(
          "'product_ids' holds %d ids: expected 1 to %d",
          productIds.size(), MediaService.MAX_BATCH);
    }
    return media.batch(productIds).map(JsonRequests::batchAnswer);
  }

  private static JsonObject batchAnswer(List<Lookup> lookups) {
    JsonArray found = new JsonArray();
    JsonArray missing = new JsonArray();
    JsonArray failed = new JsonArray();
    for (Lookup lookup : lookups) {
      if (lookup.media().isEmpty()) {
        missing.add(lookup.productId().value());
      } else if (lookup.media().get().isReadable()) {
        found.add(lookup.media().get().document().toJsonObject());
      } else {
        failed.add(lookup.failure().orElseThrow());
      }
    }
    JsonObject answer = new JsonObject().put("found", found).put("missing", missing);
    return failed.isEmpty() ? answer : answer.put("failed", failed);
  }

  /** Answers {@link Addresses#MEDIA_PUT}. */
  Future<JsonObject> put(Object body) {
    JsonObject request = write(body, "media", "version");
    JsonObject items = new JsonObject();
    if (request.containsKey("media")) {
      items.put("media", request.getValue("media"));
    }
    ProductId productId = productId(request);
    return document(
        new Change.Replace(
            productId, reader.media(productId, bytes(items)), precondition(request)));
  }

  /** Answers {@link Addresses#MEDIA_PATCH}. */
  Future<JsonObject> patch(Object body) {
    JsonObject request = write(body, "op", "item", "position", "value", "order");
    ProductId productId = productId(request);
    Precondition precondition = precondition(request);
    Object op = request.getValue("op");
    if (op == null) {
      throw Problem.MALFORMED_REQUEST.because("'op' is missing");
    }
    Change change =
        switch (op.toString()) {
          case "add" ->
              new Change.Add(
                  productId, reader.item(value(request)), position(request), precondition);
          case "update" ->
              new Change.Update(
                  productId, itemId(request), reader.patch(value(request)), precondition);
          case "remove" -> new Change.Remove(productId, itemId(request), precondition);
          case "order" -> new Change.Order(productId, order(request), precondition);
          default ->
              throw Problem.MALFORMED_REQUEST.because(
                  "'op' is '%s': expected add, update, remove or order", op);
        };
    return document(change);
  }

  /** Answers {@link Addresses#MEDIA_DELETE}. */
  Future<JsonObject> delete(Object body) {
    JsonObject request = write(body);
    return media
        .write(new Change.Delete(productId(request), precondition(request)))
        .map(
            written ->
                new JsonObject()
                    .put("product_id", written.productId().value())
                    .put("version", written.version()));
  }

  private Future<JsonObject> document(Change change) {
    return media
        .write(change)
        .map(Written::media)
        .map(after -> after.orElseThrow().document().toJsonObject());
  }

  /** The body of a message as a JSON object. */
  static JsonObject object(Object body) {
    if (body instanceof JsonObject json) {
      return json;
    }
    throw Problem.MALFORMED_REQUEST.because(
        "The body is %s: expected a JsonObject",
        body == null ? "empty" : "a " + body.getClass().getSimpleName());
  }

  /**
   * The body of a write. Refuses unknown members, so that a misspelt {@code if_version} is not
   * ignored.
   */
  private static JsonObject write(Object body, String... members) {
    JsonObject request = object(body);
    Set<String> unknown = new HashSet<>(request.fieldNames());
    unknown.removeAll(COMMON);
    unknown.removeAll(List.of(members));
    if (!unknown.isEmpty()) {
      throw Problem.MALFORMED_REQUEST.because("The body has unknown members: %s", unknown);
    }
    return request;
  }

  private static ProductId productId(JsonObject request) {
    return productId(request.getValue("product_id"), "product_id");
  }

  private static ProductId productId(Object value, String name) {
    if (value instanceof Integer || value instanceof Long) {
      return new ProductId(((Number) value).longValue());
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' holds %s: expected a whole number from %d to %d",
        name, value, ProductId.MIN, ProductId.MAX);
  }

  /** Version 0 stands for a product without media. */
  private static Precondition precondition(JsonObject request) {
    if (!request.containsKey("if_version")) {
      return Precondition.NONE;
    }
    long version = whole(request, "if_version", 0, Long.MAX_VALUE);
    return version == 0 ? Precondition.ABSENT : Precondition.version(Set.of(version));
  }

  private static long itemId(JsonObject request) {
    return whole(request, "item", 1, ProductId.MAX);
  }

  private static OptionalInt position(JsonObject request) {
    return request.containsKey("position")
        ? OptionalInt.of((int) whole(request, "position", 0, Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  private static long whole(JsonObject request, String name, long min, long max) {
    Object value = request.getValue(name);
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' is %s: expected a whole number from %d to %d", name, value, min, max);
  }

  private List<Long> order(JsonObject request) {
    return reader.order(bytes(new JsonObject().put("order", request.getValue("order"))));
  }

  private static Buffer value(JsonObject request) {
    if (request.getValue("value") instanceof JsonObject value) {
      return bytes(value);
    }
    throw Problem.MALFORMED_REQUEST.because("'value' is not an object");
  }

  private static Buffer bytes(JsonObject json) {
    try {
      return json.toBuffer();
    } catch (EncodeException unencodable) {
      throw Problem.MALFORMED_REQUEST.because(
          "The body holds a value that has no form in JSON: %s", unencodable);
    }
  }
}
