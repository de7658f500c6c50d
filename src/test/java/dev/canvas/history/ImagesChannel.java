package dev.canvas.history;

import dev.canvas.history.HttpCalls.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The API of the first service: GET, POST, PUT, DELETE, all without versions. Thread-safe. */
final class ImagesChannel implements Channel {

  private static final String PATH = "/api/images";

  private final int node;
  private final HttpCalls calls;

  ImagesChannel(int node, HttpCalls calls) {
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
        .send(HttpMethod.GET, PATH + "?shoe_id=" + product, null, null)
        .map(ImagesChannel::read)
        .otherwise(failure -> HttpCalls.broken("GET images", failure));
  }

  /** Alternates between PUT, which needs an existing product, and POST. */
  @Override
  public Future<Answer> write(long product, long value) {
    HttpMethod method = value % 2 == 0 ? HttpMethod.PUT : HttpMethod.POST;
    JsonObject body = new JsonObject().put("shoe_id", product).put("img1", Values.url(value));
    return send(method, PATH, body);
  }

  @Override
  public Future<Answer> delete(long product) {
    return send(HttpMethod.DELETE, PATH + "?shoe_id=" + product, null);
  }

  private Future<Answer> send(HttpMethod method, String path, JsonObject body) {
    String note = method + " images";
    return calls
        .send(method, path, body, "application/json")
        .map(
            reply ->
                reply.status() == 200 || reply.status() == 201
                    ? Answer.done(Operation.NO_VERSION, note)
                    : HttpCalls.problem(note, reply))
        .otherwise(failure -> HttpCalls.broken(note, failure));
  }

  private static Answer read(Reply reply) {
    if (reply.status() == 404) {
      return Answer.absent("GET images");
    }
    if (reply.status() != 200) {
      return HttpCalls.problem("GET images", reply);
    }
    JsonObject answer = reply.json();
    JsonArray images = answer.getJsonArray("data");
    return Answer.found(
        images.isEmpty() ? Values.ofUrl(null) : Values.ofUrl(images.getString(0)),
        Operation.NO_VERSION,
        "GET images " + answer.getString("source"));
  }
}
