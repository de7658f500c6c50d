package dev.canvas.data.couchdb;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.function.Function;

/**
 * Asks a CouchDB over a few connections that are kept alive. Fails with {@link CouchDbRefusal}
 * where it is refused, otherwise where no answer came, or one that is none. Belongs to one event
 * loop.
 */
final class CouchDbClient {

  /** Requests that may wait for a connection; more fail at once. */
  private static final int MAX_WAITING = 256;

  /**
   * Shorter than any server waits: one that ends an idle connection just as a request is on its way
   * leaves its outcome open.
   */
  private static final int KEEP_ALIVE_SECONDS = 3;

  private static final int CONNECT_MS = 2_000;

  private final CouchDbSettings settings;
  private final WebClient client;

  /**
   * @param connections the most that there are at once
   */
  CouchDbClient(Vertx vertx, CouchDbSettings settings, int connections) {
    this.settings = settings;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setDefaultHost(settings.host())
                .setDefaultPort(settings.port())
                .setSsl(settings.tls())
                .setFollowRedirects(false)
                .setUserAgent("canvas")
                .setTcpNoDelay(true)
                .setConnectTimeout(CONNECT_MS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
            new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(MAX_WAITING));
  }

  /** What the server says of itself. */
  Future<JsonObject> welcome() {
    return send(request(HttpMethod.GET, "/"), null).map(body -> typed(body, JsonObject.class));
  }

  /**
   * @param resource below the database, with its query; empty for the database itself
   */
  Future<JsonObject> get(String resource) {
    return send(HttpMethod.GET, resource, null, JsonObject.class);
  }

  /**
   * @param document null for none
   */
  Future<JsonObject> put(String resource, JsonObject document) {
    return send(HttpMethod.PUT, resource, document, JsonObject.class);
  }

  /** Answers a JsonObject or a JsonArray, as the resource does. */
  <T> Future<T> post(String resource, JsonObject body, Class<T> answer) {
    return send(HttpMethod.POST, resource, body, answer);
  }

  /** Reads an answer, which fails as one of no CouchDB where something lacks in it. */
  static <A, T> Function<A, T> reading(Function<A, T> read) {
    return answer -> {
      try {
        return read.apply(answer);
      } catch (RuntimeException lacking) {
        throw noCouchDb();
      }
    };
  }

  /** Ends the connections at once; what waits for an answer fails. */
  void close() {
    client.close();
  }

  private <T> Future<T> send(HttpMethod method, String resource, JsonObject body, Class<T> type) {
    String path = "/" + settings.database() + (resource.isEmpty() ? "" : "/" + resource);
    return send(request(method, path), body).map(answer -> typed(answer, type));
  }

  private HttpRequest<Buffer> request(HttpMethod method, String uri) {
    HttpRequest<Buffer> request =
        client.request(method, uri).putHeader("Accept", "application/json");
    return settings.user() == null
        ? request
        : request.basicAuthentication(settings.user(), settings.password());
  }

  private static Future<Object> send(HttpRequest<Buffer> request, JsonObject body) {
    // A client that is closed throws.
    return Future.succeededFuture()
        .compose(
            open ->
                body == null
                    ? request.send()
                    : request
                        .putHeader("Content-Type", "application/json")
                        .sendBuffer(body.toBuffer()))
        .map(CouchDbClient::read);
  }

  private static Object read(HttpResponse<Buffer> answer) {
    Object body = decode(answer);
    int status = answer.statusCode();
    // 202: some server of a cluster has it, and not as many as should.
    if (status == 200 || status == 201) {
      return body;
    }
    JsonObject refusal = body instanceof JsonObject object ? object : new JsonObject();
    throw new CouchDbRefusal(
        status, refusal.getString("error", "no reason"), refusal.getString("reason", ""));
  }

  private static Object decode(HttpResponse<Buffer> answer) {
    try {
      Object body = answer.body() == null ? null : Json.decodeValue(answer.body());
      if (body != null || answer.statusCode() >= 300) {
        return body;
      }
    } catch (DecodeException noJson) {
      if (answer.statusCode() >= 300) {
        return null;
      }
    }
    throw noCouchDb();
  }

  private static <T> T typed(Object body, Class<T> type) {
    if (type.isInstance(body)) {
      return type.cast(body);
    }
    throw noCouchDb();
  }

  private static IllegalStateException noCouchDb() {
    return new IllegalStateException("what answered is no CouchDB: its body is not what it says");
  }
}
