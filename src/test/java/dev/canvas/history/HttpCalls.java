package dev.canvas.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Calls one node over HTTP, each once. Thread-safe. */
final class HttpCalls {

  /** Beyond every deadline of the service; whoever has no answer by then gets none. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final int MAX_CONNECTIONS = 256;

  /** An answer with its body. */
  record Reply(int status, Buffer body, String cacheStatus, String etag) {

    JsonObject json() {
      return body.toJsonObject();
    }
  }

  private final HttpClient client;
  private final IntSupplier port;

  /**
   * @param port where the node listens now
   */
  HttpCalls(Vertx vertx, IntSupplier port) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) TIMEOUT.toMillis()),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.port = port;
  }

  /** Sends a request and reads the answer. */
  Future<Reply> send(HttpMethod method, String path, JsonObject body, String type) {
    return send(method, path, body, type, Operation.NO_VERSION);
  }

  /**
   * The same for a write of one version alone.
   *
   * @param version for If-Match, or {@link Operation#NO_VERSION}
   */
  Future<Reply> send(HttpMethod method, String path, JsonObject body, String type, long version) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(port.getAsInt())
            .setURI(path)
            .setIdleTimeout(TIMEOUT.toMillis());
    if (version != Operation.NO_VERSION) {
      options.putHeader("If-Match", "\"" + version + "\"");
    }
    return client
        .request(options)
        .compose(
            request ->
                body == null
                    ? request.send()
                    : request.putHeader("Content-Type", type).send(body.toBuffer()))
        .compose(HttpCalls::reply)
        .timeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A call that came to nothing: never sent if nobody listened, else nobody knows. */
  static Answer broken(String note, Throwable failure) {
    return failure instanceof ConnectException
        ? Answer.failed(note + " refused")
        : Answer.unknown(note + " broken");
  }

  /** An answer that says that it was not done, or not known to be. */
  static Answer problem(String note, Reply reply) {
    if (reply.status == 412) {
      return Answer.refused(note + " 412");
    }
    boolean unknown = reply.body.toString().contains("urn:canvas:problem:outcome-unknown");
    String told = note + " " + reply.status;
    return unknown ? Answer.unknown(told + " outcome unknown") : Answer.failed(told);
  }

  private static Future<Reply> reply(HttpClientResponse response) {
    return response
        .body()
        .map(
            body ->
                new Reply(
                    response.statusCode(),
                    body,
                    response.getHeader("Cache-Status"),
                    response.getHeader("ETag")));
  }
}
