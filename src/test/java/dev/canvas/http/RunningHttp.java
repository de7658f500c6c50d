package dev.canvas.http;

import dev.canvas.bus.Codecs;
import dev.canvas.bus.MediaConsumers;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.OriginSettings;
import dev.canvas.http.connection.ConnectionLimit;
import dev.canvas.http.connection.ProxySettings;
import dev.canvas.media.MediaRules;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An HTTP verticle on a free port with a fake media service behind a real event bus. As a static
 * extension of a test class, it starts each test without media and closes after the last one.
 */
public final class RunningHttp implements BeforeEachCallback, AfterAllCallback {

  /** Names and descriptions of a few products, some of them hostile. */
  public static final String PRODUCTS = "dev/canvas/http/products.ndjson";

  /** A picture and a video of a few bytes. */
  public static final String SAMPLES = "dev/canvas/http/samples";

  /** How long the client of a stream may make no progress. */
  private static final Duration STALL = Duration.ofSeconds(2);

  /** The limit of WebSockets. */
  public static final int LIVE_SOCKETS = 5;

  /** The token of an account at loader.io. */
  public static final String LOADERIO_TOKEN = "0123456789abcdef0123456789abcdef";

  /** The limit of connections. */
  public static final int CONNECTIONS = 100;

  /** How long a connection may be idle, unless a test says otherwise. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /** Believed about their clients; a test that is to be one binds its socket to the first. */
  public static final List<String> PROXIES = List.of("127.0.0.9", "10.0.0.0/8");

  private final Vertx vertx;
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpVerticle verticle;
  private final FakeMediaService media = new FakeMediaService();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ConnectionLimit limit;

  public RunningHttp() {
    this(PRODUCTS, SAMPLES);
  }

  public RunningHttp(String products, String samples) {
    this(products, samples, "*", Set.of(), new MediaRules(false));
  }

  /** With origins that may write, and with rules for media. */
  public RunningHttp(Set<String> writers, MediaRules rules) {
    this(PRODUCTS, SAMPLES, "*", writers, rules);
  }

  /** With the only other origin that may read. */
  public RunningHttp(String reader) {
    this(PRODUCTS, SAMPLES, reader, Set.of(), new MediaRules(false));
  }

  /** On an existing Vert.x instance, which is closed with this server. */
  public RunningHttp(Vertx vertx) {
    this(vertx, PRODUCTS, SAMPLES, "*", Set.of(), new MediaRules(false));
  }

  /** With bounds for connections. */
  public RunningHttp(HttpSettings.Connections connections) {
    this(Vertx.vertx(), PRODUCTS, SAMPLES, "*", Set.of(), new MediaRules(false), connections);
  }

  /** With pages that show the tools of operators, or hide them. */
  public RunningHttp(HttpSettings.OperatorTools operatorTools) {
    this(Long.MAX_VALUE, operatorTools);
  }

  /** With a bound for the bytes of large answers that are sent at once. */
  public RunningHttp(long answerBytes) {
    this(answerBytes, HttpSettings.OperatorTools.SHOWN);
  }

  private RunningHttp(long answerBytes, HttpSettings.OperatorTools operatorTools) {
    this(
        Vertx.vertx(),
        PRODUCTS,
        SAMPLES,
        "*",
        Set.of(),
        new MediaRules(false),
        new HttpSettings.Connections(CONNECTIONS, 0, IDLE_TIMEOUT, Duration.ZERO),
        answerBytes,
        operatorTools);
  }

  private RunningHttp(
      String products, String samples, String reader, Set<String> writers, MediaRules rules) {
    this(Vertx.vertx(), products, samples, reader, writers, rules);
  }

  private RunningHttp(
      Vertx vertx,
      String products,
      String samples,
      String reader,
      Set<String> writers,
      MediaRules rules) {
    this(
        vertx,
        products,
        samples,
        reader,
        writers,
        rules,
        new HttpSettings.Connections(CONNECTIONS, 0, IDLE_TIMEOUT, Duration.ZERO));
  }

  private RunningHttp(
      Vertx vertx,
      String products,
      String samples,
      String reader,
      Set<String> writers,
      MediaRules rules,
      HttpSettings.Connections connections) {
    this(
        vertx,
        products,
        samples,
        reader,
        writers,
        rules,
        connections,
        Long.MAX_VALUE,
        HttpSettings.OperatorTools.SHOWN);
  }

  private RunningHttp(
      Vertx vertx,
      String products,
      String samples,
      String reader,
      Set<String> writers,
      MediaRules rules,
      HttpSettings.Connections connections,
      long answerBytes,
      HttpSettings.OperatorTools operatorTools) {
    this.vertx = vertx;
    this.limit =
        new ConnectionLimit(connections.max(), connections.maxPerAddress(), registry, answerBytes);
    var settings =
        new HttpSettings(
            "127.0.0.1",
            0,
            "no-cache",
            new OriginSettings(reader, writers, null),
            ProxySettings.of(PROXIES),
            rules,
            new AccessSettings.Open(),
            STALL,
            connections,
            operatorTools,
            LIVE_SOCKETS,
            false,
            LOADERIO_TOKEN);
    verticle =
        new HttpVerticle(
            settings,
            settings::access,
            limit,
            registry,
            HttpVerticle.readPages(settings, products),
            samples);
    Codecs.register(vertx.eventBus());
    new MediaConsumers(vertx, media, rules)
        .register()
        .compose(registered -> vertx.deployVerticle(verticle))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  public int port() {
    return verticle.port();
  }

  /** Undeploys the verticle; completes when its last connection is closed. */
  public Future<Void> undeploy() {
    return vertx.undeploy(verticle.deploymentID());
  }

  /** The Vert.x instance. */
  public Vertx vertx() {
    return vertx;
  }

  /** Returns the value of a counter; 0 if it never counted. */
  public double count(String name, String... tags) {
    return registry.counter(name, tags).count();
  }

  /** Returns the value of a gauge. */
  public double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  public FakeMediaService media() {
    return media;
  }

  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, headers);
  }

  /** Sends a request without following redirects or decompressing the response. */
  public HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(method, path, headers), HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a request with a body. */
  public HttpResponse<String> write(
      String method, String path, String contentType, String body, String... headers)
      throws IOException, InterruptedException {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = contentType;
    return client.send(
        request(method, path, HttpRequest.BodyPublishers.ofString(body), all),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a JSON body. */
  public HttpResponse<String> json(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return write(method, path, "application/json", body, headers);
  }

  public HttpResponse<byte[]> bytes(String path, String... headers)
      throws IOException, InterruptedException {
    return client.send(request("GET", path, headers), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Opens a raw connection whose reads time out after 20 seconds. */
  public Socket open() throws IOException {
    return connected(new Socket());
  }

  /** Opens a raw connection with a small receive buffer. */
  public Socket openNarrow() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    return connected(socket);
  }

  private Socket connected(Socket socket) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends a GET with a path that need not be valid; returns the status. */
  public int raw(String path) throws IOException {
    return raw("GET", path, "localhost", "");
  }

  /**
   * Sends a raw request; returns the status.
   *
   * @param headers complete header lines
   */
  public int raw(String method, String path, String host, String headers) throws IOException {
    try (Socket socket = open()) {
      String request =
          "%s %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
              .formatted(method, path, host, headers);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.substring(9, 12));
    }
  }

  /**
   * Sends bytes as they are, and returns all that comes back until the server closes.
   *
   * @param from the address to connect from, on loopback
   */
  public String exchange(String from, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      connected(socket);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpRequest request(String method, String path, String... headers) {
    return request(method, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  private HttpRequest request(
      String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + verticle.port() + path))
            .method(method, body);
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    media.reset();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    close();
  }

  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
