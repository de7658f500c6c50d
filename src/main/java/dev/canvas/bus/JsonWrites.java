package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The writes of other services on the bus: JSON in, JSON out. Thread-safe if what it asks is. */
final class JsonWrites {

  private static final List<String> OF_ALL = List.of("product_id", "if_version");

  private final MediaService media;
  private final MediaReader reader;

  JsonWrites(MediaService media, MediaReader reader) {
    this.media = media;
    this.reader = reader;
  }

  Future<JsonObject> put(Object body) {
    JsonObject request = checked(body, "media");
    JsonObject items = new JsonObject();
    if (request.containsKey("media")) {
      items.put("media", request.getValue("media"));
    }
    return document(
        new Change.Replace(productId(request), reader.media(bytes(items)), precondition(request)));
  }

  Future<JsonObject> patch(Object body) {
    JsonObject request = checked(body, "op", "item", "position", "value", "order");
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

  Future<JsonObject> delete(Object body) {
    JsonObject request = checked(body);
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

  /** A request with members of these names only: a condition that is misspelt must not get lost. */
  private static JsonObject checked(Object body, String... names) {
    JsonObject request = InFlightRequests.object(body);
    Set<String> others = new HashSet<>(request.fieldNames());
    others.removeAll(OF_ALL);
    others.removeAll(List.of(names));
    if (!others.isEmpty()) {
      throw Problem.MALFORMED_REQUEST.because("The request has no members %s", others);
    }
    return request;
  }

  private static ProductId productId(JsonObject request) {
    return JsonReads.productId(request.getValue("product_id"), "product_id");
  }

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

  private static long whole(JsonObject request, String name, long least, long most) {
    Object value = request.getValue(name);
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' is %s: expected a whole number from %d to %d", name, value, least, most);
  }

  private List<Long> order(JsonObject request) {
    return reader.order(bytes(new JsonObject().put("order", request.getValue("order"))));
  }

  private static Buffer value(JsonObject request) {
    if (request.getValue("value") instanceof JsonObject value) {
      return bytes(value);
    }
    throw Problem.MALFORMED_REQUEST.because("'value' is no object");
  }

  private static Buffer bytes(JsonObject json) {
    try {
      return json.toBuffer();
    } catch (EncodeException unencodable) {
      throw Problem.MALFORMED_REQUEST.because("The body holds what JSON cannot: %s", unencodable);
    }
  }
}
