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

/** Sends each call to one node over HTTP, without retries. Thread-safe. */
final class HttpCalls {

  /** Longer than every deadline of the service: no answer comes after that. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final int MAX_CONNECTIONS = 256;

  private static final String LOOPBACK = "127.0.0.1";

  /** A response with its body. */
  record Reply(int status, Buffer body, String cacheStatus, String etag) {

    JsonObject json() {
      return body.toJsonObject();
    }
  }

  private final HttpClient client;
  private final String host;
  private final IntSupplier port;
  private final Duration patience;

  /**
   * To a node on this machine.
   *
   * @param port supplies the port that the node listens on now
   */
  HttpCalls(Vertx vertx, IntSupplier port) {
    this(vertx, LOOPBACK, port, TIMEOUT);
  }

  /**
   * To a node on any machine.
   *
   * @param port supplies the port that the node listens on now
   */
  HttpCalls(Vertx vertx, String host, IntSupplier port) {
    this(vertx, host, port, TIMEOUT);
  }

  /**
   * To a node on this machine.
   *
   * @param patience after which a call that the node has not answered is given up
   */
  HttpCalls(Vertx vertx, IntSupplier port, Duration patience) {
    this(vertx, LOOPBACK, port, patience);
  }

  private HttpCalls(Vertx vertx, String host, IntSupplier port, Duration patience) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) patience.toMillis()),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.host = host;
    this.port = port;
    this.patience = patience;
  }

  /** Sends a request and reads the response. */
  Future<Reply> send(HttpMethod method, String path, JsonObject body, String type) {
    return send(method, path, body, type, Operation.NO_VERSION);
  }

  /**
   * The same for a write that is conditional on a version.
   *
   * @param version for If-Match, or {@link Operation#NO_VERSION}
   */
  Future<Reply> send(HttpMethod method, String path, JsonObject body, String type, long version) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(host)
            .setPort(port.getAsInt())
            .setURI(path)
            .setIdleTimeout(patience.toMillis());
    if (version != Operation.NO_VERSION) {
      options.putHeader("If-Match", "\"" + version + "\"");
    }
    return client
        .request(options)
        .compose(
            request -> {
              // Before it is sent: what arrives before somebody reads the body is lost.
              Future<Reply> reply = request.response().compose(HttpCalls::reply);
              Future<Void> sent =
                  body == null
                      ? request.end()
                      : request.putHeader("Content-Type", type).end(body.toBuffer());
              return sent.compose(done -> reply);
            })
        .timeout(2 * patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The answer of a call without a response: not sent if the connection was refused. */
  static Answer broken(String note, Throwable failure) {
    return failure instanceof ConnectException
        ? Answer.failed(note + " refused")
        : Answer.unknown(note + " broken");
  }

  /** The answer of a response that reports a problem. */
  static Answer problem(String note, Reply reply) {
    if (reply.status == 412) {
      return Answer.refused(note + " 412");
    }
    boolean unknown = reply.body.toString().contains("urn:canvas:problem:outcome-unknown");
    String text = note + " " + reply.status;
    return unknown ? Answer.unknown(text + " outcome unknown") : Answer.failed(text);
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
