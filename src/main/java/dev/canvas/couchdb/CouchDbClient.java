package dev.canvas.couchdb;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends HTTP requests to a CouchDB database over a pool of connections that are kept alive.
 *
 * <p>A request fails with {@link ErrorException} if CouchDB answers with an error status, with a
 * {@link NotCouchDbException} if the answer is not CouchDB's, and with the error of the transport
 * if no answer arrives. The client sets no deadline below {@value #IDLE_SECONDS} s: callers have
 * their own. Thread-safe.
 */
public final class CouchDbClient {

  /** Further requests fail at once. */
  private static final int MAX_QUEUED_REQUESTS = 256;

  /**
   * Shorter than the idle timeout of any server. A server that closes an idle connection just as a
   * request arrives leaves the outcome of that request unknown.
   */
  private static final int KEEP_ALIVE_SECONDS = 3;

  private static final int IDLE_SECONDS = 120;

  /** CouchDB answered with an error status. Carries no stack trace. */
  public static final class ErrorException extends RuntimeException {

    private final int status;
    private final boolean couchDbs;

    private ErrorException(int status, String error, String reason) {
      super(
          error == null ? "status " + status : status + " " + error + ": " + reason,
          null,
          false,
          false);
      this.status = status;
      this.couchDbs = error != null;
    }

    /** Whether the answer has the form of CouchDB's errors. */
    boolean isCouchDbs() {
      return couchDbs;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  /** Something else than CouchDB has answered. Carries no stack trace. */
  public static final class NotCouchDbException extends RuntimeException {

    private NotCouchDbException() {
      super("the server's answer is not one of CouchDB", null, false, false);
    }
  }

  private final CouchDbSettings settings;
  private final WebClient client;

  /**
   * @param connections the size of the pool; further requests queue for a connection
   * @param connectTimeout of a connection
   */
  public CouchDbClient(
      Vertx vertx, CouchDbSettings settings, int connections, Duration connectTimeout) {
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
                // One request serves many: their traces tell of it (TracedStore).
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) connectTimeout.toMillis())
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
            new PoolOptions()
                .setHttp1MaxSize(connections)
                .setMaxWaitQueueSize(MAX_QUEUED_REQUESTS));
  }

  /** Reads the server's welcome, which has its version. */
  public Future<JsonObject> welcome() {
    return sendTo("/", HttpMethod.GET, null)
        .map(
            body -> {
              JsonObject welcome = decode(body, JsonObject.class);
              if (!(welcome.getValue("version") instanceof String)
                  || welcome.stream().noneMatch(CouchDbClient::isWelcome)) {
                throw notCouchDb();
              }
              return welcome;
            });
  }

  /** CouchDB welcomes by its name, and what speaks its protocol by its own. */
  private static boolean isWelcome(Map.Entry<String, Object> member) {
    return member.getValue() instanceof String text && text.startsWith("Welcome");
  }

  /** Whether the user may create databases, as far as the server tells. */
  public Future<Boolean> mayCreate() {
    return sendTo("/_session", HttpMethod.GET, null)
        .map(body -> decode(body, JsonObject.class).getJsonObject("userCtx").getJsonArray("roles"))
        .map(roles -> roles.contains("_admin"))
        .otherwise(true);
  }

  /**
   * Reads a resource.
   *
   * @param resource below the database, with its query; empty for the database itself
   */
  public Future<JsonObject> get(String resource) {
    return send(HttpMethod.GET, resource, null).map(body -> decode(body, JsonObject.class));
  }

  /**
   * Creates or updates a resource.
   *
   * @param document null for an empty body
   */
  public Future<JsonObject> put(String resource, JsonObject document) {
    return send(HttpMethod.PUT, resource, document == null ? null : document.toBuffer())
        .map(body -> decode(body, JsonObject.class));
  }

  /**
   * Posts to a resource.
   *
   * @param type of the answer: a JsonObject or a JsonArray, depending on the resource
   */
  public <T> Future<T> post(String resource, JsonObject body, Class<T> type) {
    return send(HttpMethod.POST, resource, body.toBuffer()).map(answer -> decode(answer, type));
  }

  /**
   * Sends a request and returns the body of the answer undecoded, for callers that decode large
   * answers away from the event loop.
   *
   * @param body of JSON; null for none
   */
  public Future<Buffer> send(HttpMethod method, String resource, Buffer body) {
    String path = "/" + settings.database() + (resource.isEmpty() ? "" : "/" + resource);
    return sendTo(path, method, body);
  }

  /** Closes all connections at once; requests that are under way fail. */
  public void close() {
    client.close();
  }

  /** Returns the failure for an answer that is not CouchDB's. */
  public static NotCouchDbException notCouchDb() {
    return new NotCouchDbException();
  }

  private Future<Buffer> sendTo(String uri, HttpMethod method, Buffer body) {
    HttpRequest<Buffer> request =
        client.request(method, uri).putHeader("Accept", "application/json");
    if (settings.user() != null) {
      request.basicAuthentication(settings.user(), settings.password());
    }
    if (body != null) {
      request.putHeader("Content-Type", "application/json");
    }
    // Within compose, because a closed client throws.
    return Future.succeededFuture()
        .compose(open -> body == null ? request.send() : request.sendBuffer(body))
        .recover(CouchDbClient::unanswered)
        .map(CouchDbClient::body);
  }

  /** Netty cannot read what servers of other protocols answer. */
  private static <T> Future<T> unanswered(Throwable failure) {
    return Future.failedFuture(
        failure instanceof IllegalArgumentException || failure instanceof DecoderException
            ? notCouchDb()
            : failure);
  }

  private static Buffer body(HttpResponse<Buffer> answer) {
    int status = answer.statusCode();
    Buffer body = answer.body() == null ? Buffer.buffer() : answer.body();
    // 202 is an error here: fewer servers of a cluster have the document than should.
    if (status == 200 || status == 201) {
      return body;
    }
    Object decoded = decodeOrNull(body);
    if (decoded == null && status < 300) {
      throw notCouchDb();
    }
    JsonObject error = decoded instanceof JsonObject object ? object : new JsonObject();
    throw new ErrorException(
        status,
        error.getValue("error") instanceof String name ? name : null,
        String.valueOf(error.getValue("reason", "")));
  }

  private static <T> T decode(Buffer body, Class<T> type) {
    Object decoded = decodeOrNull(body);
    if (type.isInstance(decoded)) {
      return type.cast(decoded);
    }
    // A proxy or another service has answered.
    throw notCouchDb();
  }

  private static Object decodeOrNull(Buffer body) {
    try {
      return Json.decodeValue(body);
    } catch (DecodeException notJson) {
      return null;
    }
  }
}
