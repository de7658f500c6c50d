package dev.canvas.history;

import dev.canvas.history.HttpCalls.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API of documents: GET, PUT, DELETE, PATCH of the item that was last heard of, and bulk
 * imports. Thread-safe.
 */
final class DocumentsChannel implements Channel {

  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final int node;
  private final HttpCalls calls;
  private final Map<Long, Long> items = new ConcurrentHashMap<>();

  DocumentsChannel(int node, HttpCalls calls) {
    this.node = node;
    this.calls = calls;
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public Future<Answer> read(long product) {
    return calls
        .send(HttpMethod.GET, path(product), null, null)
        .map(reply -> read(product, reply))
        .otherwise(failure -> HttpCalls.broken("GET media", failure));
  }

  /** Every third time by a bulk import; of the others half by a PATCH, where an item is known. */
  @Override
  public Future<Answer> write(long product, long value) {
    if (value % 3 == 0) {
      return bulk(product, value);
    }
    Long item = value % 2 == 0 ? items.get(product) : null;
    return item == null ? put(product, value) : patch(product, item, value);
  }

  @Override
  public Future<Answer> delete(long product) {
    return calls
        .send(HttpMethod.DELETE, path(product), null, null)
        .map(
            reply ->
                reply.status() == 204
                    ? Answer.done(version(reply.etag()), "DELETE media")
                    : HttpCalls.problem("DELETE media", reply))
        .otherwise(failure -> HttpCalls.broken("DELETE media", failure));
  }

  private Future<Answer> put(long product, long value) {
    JsonObject body = new JsonObject().put("media", new JsonArray().add(Values.item(value)));
    return calls
        .send(HttpMethod.PUT, path(product), body, JSON)
        .map(reply -> written(product, "PUT media", reply))
        .otherwise(failure -> HttpCalls.broken("PUT media", failure));
  }

  private Future<Answer> bulk(long product, long value) {
    JsonObject line =
        new JsonObject()
            .put("product_id", product)
            .put("media", new JsonArray().add(Values.item(value)));
    return calls
        .send(HttpMethod.POST, "/api/media/bulk", line, "application/x-ndjson")
        .map(reply -> imported(value, reply))
        .otherwise(failure -> HttpCalls.broken("POST bulk", failure));
  }

  private static Answer imported(long value, Reply reply) {
    if (reply.status() != 200) {
      return HttpCalls.problem("POST bulk", reply);
    }
    JsonObject answer = reply.json();
    int status = answer.getInteger("status");
    return status == 200 || status == 201
        ? Answer.found(value, answer.getLong("version"), "POST bulk")
        : HttpCalls.problem("POST bulk", new Reply(status, reply.body(), null, null));
  }

  private Future<Answer> patch(long product, long item, long value) {
    return calls
        .send(
            HttpMethod.PATCH,
            path(product) + "/items/" + item,
            new JsonObject().put("url", Values.url(value)),
            MERGE_PATCH)
        .map(reply -> written(product, "PATCH item", reply))
        .otherwise(failure -> HttpCalls.broken("PATCH item", failure));
  }

  private Answer read(long product, Reply reply) {
    String note = "GET media " + reply.cacheStatus();
    return switch (reply.status()) {
      case 200 -> document(product, note, reply);
      case 404 -> Answer.absent(note);
      default -> HttpCalls.problem("GET media", reply);
    };
  }

  private Answer written(long product, String note, Reply reply) {
    return reply.status() == 200 || reply.status() == 201
        ? document(product, note, reply)
        : HttpCalls.problem(note, reply);
  }

  /** Remembers its item for a later PATCH. */
  private Answer document(long product, String note, Reply reply) {
    JsonObject document = reply.json();
    JsonArray media = document.getJsonArray("media");
    items.put(product, media.getJsonObject(0).getLong("id"));
    return Answer.found(Values.ofMedia(media), document.getLong("version"), note);
  }

  private static long version(String etag) {
    return etag == null ? Operation.UNTOLD : Long.parseLong(etag.replaceAll("\\D", ""));
  }

  private static String path(long product) {
    return "/api/products/" + product + "/media";
  }
}
