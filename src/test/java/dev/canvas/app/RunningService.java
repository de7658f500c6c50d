package dev.canvas.app;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.SecretWatch;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import dev.canvas.testing.TestStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the whole service on free ports, with real servers and its own database. */
public final class RunningService implements AutoCloseable {

  /** The items of the products that {@link #put} stores. */
  static final String ITEMS =
      "[{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/ä1.jpg\",\"alt\":\"Left"
          + " \\\"side\\\"\","
          + "\"width\":800,\"height\":1000,\"focal\":{\"x\":0.5,\"y\":0.25}},{\"id\":2,\"type\":\"video\",\"url\":\"https://a.example/v1.webm\",\"alt\":\"On"
          + " foot\"},"
          + "{\"id\":3,\"type\":\"image\",\"url\":\"https://a.example/2.jpg\",\"alt\":\"Right\"}]";

  final TestStore store;
  private final Server server;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** Uses the servers that all tests share, with long timeouts. */
  RunningService() {
    this(Map.of());
  }

  /** The same with additional settings. */
  RunningService(Map<String, String> settings) {
    this(TestStore.configured(), TestServers.shared().redisUri(), withLongTimeouts(settings));
  }

  /** Uses the given servers, with additional settings as environment variables. */
  public RunningService(String postgresUri, String redisUri, Map<String, String> settings) {
    this(new PostgresTestStore(postgresUri), redisUri, settings);
  }

  /** Uses the given store, and closes it at the end. */
  public RunningService(TestStore store, String redisUri, Map<String, String> settings) {
    this.store = store;
    Map<String, String> environment = new HashMap<>();
    environment.put("CANVAS_HTTP_HOST", "127.0.0.1");
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.putAll(store.environment());
    environment.put("CANVAS_REDIS_URI", redisUri);
    environment.put("CANVAS_CACHE_NEAR_ENABLED", "false");
    environment.put("CANVAS_AUTH_MODE", "none");
    environment.putAll(settings);
    Configuration configuration = Configuration.load(null, environment);
    StoreOperations.of(configuration).prepare();
    store.prepared();
    server = new Server(configuration);
    SecretWatch.look(server.vertx().eventBus());
    await(server.deploy());
  }

  /** Stores a product directly; it must not have been read before. */
  void put(long productId) {
    put(productId, ITEMS);
  }

  void put(long productId, String items) {
    store.put(productId, items);
  }

  String document(long productId) {
    return store.document(productId);
  }

  /** Its database, for tests that use SQL. */
  public TestDatabase database() {
    return ((PostgresTestStore) store).database();
  }

  /** Its Vert.x instance. */
  public Vertx vertx() {
    return server.vertx();
  }

  /** Its HTTP port. */
  public int httpPort() {
    return server.httpPort();
  }

  /** Its management port. */
  int managementPort() {
    return server.managementPort();
  }

  HttpResponse<String> get(String path, String... headers) {
    return request("GET", path, headers);
  }

  HttpResponse<String> request(String method, String path, String... headers) {
    return send(server.httpPort(), method, path, headers);
  }

  /** Sends a request with a JSON body. */
  HttpResponse<String> write(String method, String path, String body, String... headers) {
    return send(method, path, "application/json", body, headers);
  }

  /** Sends a request with form fields. */
  HttpResponse<String> form(String method, String path, String fields) {
    return send(method, path, "application/x-www-form-urlencoded", fields);
  }

  /** Sends a request with a body of the given type. */
  HttpResponse<String> send(
      String method, String path, String contentType, String body, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = contentType;
    return send(server.httpPort(), method, path, HttpRequest.BodyPublishers.ofString(body), all);
  }

  /** Sends a request with a streamed body. */
  HttpResponse<String> send(String method, String path, String contentType, InputStream body) {
    return send(
        server.httpPort(),
        method,
        path,
        HttpRequest.BodyPublishers.ofInputStream(() -> body),
        "Content-Type",
        contentType);
  }

  HttpResponse<String> management(String path) {
    return send(server.managementPort(), "GET", path);
  }

  HttpResponse<String> manage(String method, String path, String body) {
    return manage(method, path, body, "application/json");
  }

  HttpResponse<String> manage(String method, String path, String body, String contentType) {
    return send(
        server.managementPort(),
        method,
        path,
        HttpRequest.BodyPublishers.ofString(body),
        "Content-Type",
        contentType);
  }

  HttpResponse<byte[]> bytes(String path, String... headers) {
    try {
      return client.send(
          build(server.httpPort(), "GET", path, HttpRequest.BodyPublishers.noBody(), headers),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private HttpResponse<String> send(int port, String method, String path, String... headers) {
    return send(port, method, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  private HttpResponse<String> send(
      int port, String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    try {
      HttpResponse<String> response =
          client.send(
              build(port, method, path, body, headers),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      SecretWatch.look(response.headers() + "\n" + response.body());
      return response;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static HttpRequest build(
      int port, String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private static Map<String, String> withLongTimeouts(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("CANVAS_POSTGRES_TIMEOUT", "10s");
    all.put("CANVAS_POSTGRES_WRITE_TIMEOUT", "2s");
    all.put("CANVAS_REDIS_TIMEOUT", "2s");
    return all;
  }

  private static void await(io.vertx.core.Future<?> future) {
    try {
      future.await(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  /** Stops the service but keeps its store. */
  public void stop() {
    await(server.stop());
  }

  @Override
  public void close() {
    stop();
    store.close();
  }
}
