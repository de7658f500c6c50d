package dev.canvas.history;

import dev.canvas.history.HttpCalls.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API of media documents: GET, PUT, DELETE; POST and PATCH of items; and bulk imports.
 * Conditional writes name the version that this channel saw last. Thread-safe.
 */
final class DocumentsChannel implements Channel {

  private static final int MAX_ITEMS = 4;
  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final int node;
  private final HttpCalls calls;
  private final Map<Long, Seen> lastSeen = new ConcurrentHashMap<>();

  /** The state of a product in the last answer: its first item and the number of items. */
  private record Seen(long version, long value, long item, int items) {}

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

  /** Five ways in turn, of which three need a product that was seen before. */
  @Override
  public Future<Answer> write(long product, long value) {
    if (value % 5 == 4) {
      return bulk(product, value);
    }
    Seen last = lastSeen.get(product);
    if (last == null) {
      return put(product, value, null);
    }
    return switch ((int) (value % 5)) {
      case 0 -> patch(product, last, value);
      case 1 -> put(product, value, last);
      case 2 -> last.items < MAX_ITEMS ? post(product, value) : put(product, value, null);
      default -> put(product, value, null);
    };
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

  /**
   * @param replaced the only state that it may replace; null for any
   */
  private Future<Answer> put(long product, long value, Seen replaced) {
    JsonObject body = new JsonObject().put("media", new JsonArray().add(Values.item(value)));
    return replaced == null
        ? write(
            "PUT media", product, HttpMethod.PUT, path(product), body, JSON, Operation.NO_VERSION)
        : write(
                "PUT If-Match",
                product,
                HttpMethod.PUT,
                path(product),
                body,
                JSON,
                replaced.version)
            .map(answer -> answer.replacing(replaced.value));
  }

  /** Changes the first item, which it would no longer be if another had been put before it. */
  private Future<Answer> patch(long product, Seen replaced, long value) {
    return write(
            "PATCH item",
            product,
            HttpMethod.PATCH,
            path(product) + "/items/" + replaced.item,
            new JsonObject().put("url", Values.url(value)),
            MERGE_PATCH,
            replaced.version)
        .map(answer -> answer.replacing(replaced.value));
  }

  private Future<Answer> bulk(long product, long value) {
    JsonObject line =
        new JsonObject()
            .put("product_id", product)
            .put("media", new JsonArray().add(Values.item(value)));
    return calls
        .send(
            HttpMethod.POST, "/api/media/bulk", line, "application/x-ndjson", Operation.NO_VERSION)
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

  /** Adds an item at the front. The second item of the answer is then the value it was added to. */
  private Future<Answer> post(long product, long value) {
    return calls
        .send(
            HttpMethod.POST,
            path(product) + "/items?position=0",
            Values.item(value),
            JSON,
            Operation.NO_VERSION)
        .map(
            reply -> {
              Answer answer = written(product, "POST item", reply);
              return answer.outcome() == Operation.Outcome.OK
                  ? answer.replacing(Values.ofItem(reply.json().getJsonArray("media"), 1))
                  : answer;
            })
        .otherwise(failure -> HttpCalls.broken("POST item", failure));
  }

  private Future<Answer> write(
      String note,
      long product,
      HttpMethod method,
      String path,
      JsonObject body,
      String type,
      long version) {
    return calls
        .send(method, path, body, type, version)
        .map(reply -> written(product, note, reply))
        .otherwise(failure -> HttpCalls.broken(note, failure));
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

  /** Remembers the state for a later conditional write. */
  private Answer document(long product, String note, Reply reply) {
    JsonObject document = reply.json();
    JsonArray media = document.getJsonArray("media");
    long value = Values.ofMedia(media);
    long version = document.getLong("version");
    long item = media.getJsonObject(0).getLong("id");
    lastSeen.put(product, new Seen(version, value, item, media.size()));
    return Answer.found(value, version, note);
  }

  private static long version(String etag) {
    return etag == null ? Operation.NO_VERSION : Long.parseLong(etag.replaceAll("\\D", ""));
  }

  private static String path(long product) {
    return "/api/products/" + product + "/media";
  }
}
