package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.LiveSocket;
import dev.canvas.testing.OwnNginx;
import dev.canvas.testing.SharedStore;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes on the same stores behind Debian's NGINX, configured by {@code conf/nginx}. */
@Timeout(300)
class NginxIT {

  private static final int NODES = 3;
  private static final int CROWD = 10_000;

  /** How many of the crowd ask at once. */
  private static final int AT_ONCE = 250;

  private static final String ONE = "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}";

  private static final List<RunningService> SERVICES = new ArrayList<>();

  /** A link to each node; a node whose link refuses is dead to NGINX. */
  private static final List<TcpProxy> LINKS = new ArrayList<>();

  private static Path directory;
  private static TestCertificates.Issued certificate;
  private static OwnNginx nginx;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    directory = Files.createTempDirectory("canvas-nginx");
    TestCertificates authority = new TestCertificates(directory.resolve("tls"));
    certificate = authority.issue("shop", "dns:localhost", "ip:127.0.0.1");
    client = HttpClient.newBuilder().sslContext(authority.trust()).build();
    Map<String, String> settings =
        Map.of(
            "CANVAS_HTTP_INSTANCES",
            "1",
            "CANVAS_DATA_INSTANCES",
            "1",
            "CANVAS_HTTP_TRUSTED_PROXIES",
            "127.0.0.1",
            "CANVAS_POSTGRES_TIMEOUT",
            "10s",
            "CANVAS_POSTGRES_WRITE_TIMEOUT",
            "2s",
            "CANVAS_REDIS_TIMEOUT",
            "2s");
    RunningService first =
        new RunningService(
            TestServers.shared().postgresUri(), TestServers.shared().redisUri(), settings);
    SERVICES.add(first);
    while (SERVICES.size() < NODES) {
      SERVICES.add(
          new RunningService(
              new SharedStore(first.store), TestServers.shared().redisUri(), settings));
    }
    SERVICES.forEach(node -> LINKS.add(new TcpProxy("http://127.0.0.1:" + node.httpPort())));
    nginx = OwnNginx.start(directory.resolve("main"), links(), certificate, NginxIT::patient);
  }

  @AfterAll
  static void stop() {
    nginx.close();
    LINKS.forEach(TcpProxy::close);
    for (int i = SERVICES.size() - 1; i >= 0; i--) {
      SERVICES.get(i).close();
    }
  }

  @AfterEach
  void mend() {
    LINKS.forEach(TcpProxy::mend);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one-machine.conf", "several-machines.conf"})
  void configurationIsValid(String file) throws Exception {
    assertEquals("", OwnNginx.check(directory.resolve("check-" + file), file, certificate));
  }

  @Test
  void bodiesAndEntityTagsAreUnchanged() throws Exception {
    SERVICES.get(0).write("PUT", "/api/products/1/media", large(40));
    for (String coding : new String[] {"identity", "gzip"}) {
      HttpResponse<byte[]> direct =
          SERVICES.get(0).bytes("/api/products/1/media", "Accept-Encoding", coding);
      HttpResponse<byte[]> proxied =
          client.send(
              request("GET", "/api/products/1/media", "", "Accept-Encoding", coding),
              HttpResponse.BodyHandlers.ofByteArray());
      assertEquals(HttpClient.Version.HTTP_2, proxied.version());
      assertArrayEquals(direct.body(), proxied.body());
      for (String name :
          new String[] {"ETag", "Content-Type", "Content-Encoding", "Cache-Control"}) {
        assertEquals(
            direct.headers().allValues(name), proxied.headers().allValues(name), coding + name);
      }
      String tag = proxied.headers().firstValue("ETag").orElseThrow();
      assertEquals(304, get("/api/products/1/media", "If-None-Match", tag).statusCode());
    }
  }

  @Test
  void editorSavesAndLinksNameThePublicHost() throws Exception {
    String site = "https://localhost:" + nginx.tlsPort();
    HttpResponse<String> saved =
        write("PUT", "/api/products/2/media", ONE, "Origin", site, "Sec-Fetch-Site", "same-origin");
    assertEquals(201, saved.statusCode(), saved.body());
    assertEquals(
        403,
        write("PUT", "/api/products/2/media", ONE, "Origin", "https://evil.example").statusCode());
    String source = new JsonObject(get("/product-canvas.json").body()).getString("src");
    assertTrue(source.startsWith(site + "/assets/"), source);
    // A client cannot pretend to be another site.
    String pretended =
        new JsonObject(get("/product-canvas.json", "X-Forwarded-Host", "evil.example").body())
            .getString("src");
    assertEquals(source, pretended);
  }

  @Test
  void changesAreTold() throws Exception {
    write("PUT", "/api/products/3/media", ONE);
    LiveSocket socket =
        LiveSocket.open(
                SERVICES.get(0).vertx(), nginx.plainPort(), "http://127.0.0.1:" + nginx.plainPort())
            .await();
    long before = socket.follow(3).getJsonObject("body").getLong("version");
    socket.close();
    assertTrue(before > 0);
    assertEquals(200, get("/eventbus/info").statusCode());
  }

  @Test
  void importAndExportMayBeLarge() throws Exception {
    int products = 3_000;
    String lines =
        IntStream.range(0, products)
            .mapToObj(i -> new JsonObject(large(8)).put("product_id", 10_000 + i).encode())
            .collect(Collectors.joining("\n"));
    assertTrue(lines.length() > 1 << 20);
    HttpResponse<String> imported =
        send("POST", "/api/media/bulk", lines, "Content-Type", "application/x-ndjson");
    assertEquals(200, imported.statusCode(), imported.body());
    assertEquals(
        products, imported.body().lines().filter(line -> line.contains("\"status\":201")).count());

    HttpResponse<String> exported = get("/api/media/export?after=9999");
    assertEquals(
        products,
        exported.body().lines().filter(line -> line.contains("\"product_id\":1")).count());

    // A node that dies in the middle: the client has to notice.
    LINKS.forEach(link -> link.limit(200_000));
    HttpResponse<InputStream> broken =
        client.send(
            request("GET", "/api/media/export?after=9999", ""),
            HttpResponse.BodyHandlers.ofInputStream());
    assertTrue(broken.body().read() >= 0);
    LINKS.forEach(TcpProxy::refuse);
    LINKS.forEach(TcpProxy::cut);
    assertThrows(IOException.class, () -> broken.body().readAllBytes());
  }

  /** The servers read each request, and close without an answer. */
  @ParameterizedTest
  @CsvSource({
    "GET, /api/products/1/media, 3",
    "HEAD, /api/products/1/media, 3",
    "GET, /products/1, 3",
    "PUT, /api/products/1/media, 1",
    "DELETE, /api/products/1/media, 1",
    "POST, /api/products/1/media/items, 1",
    "PATCH, /api/products/1/media/items/1, 1",
    "POST, /api/media/bulk, 1",
    "POST, /api/images, 1",
    "GET, /api/media/export, 1",
  })
  void onlyReadsAreRepeated(String method, String path, int attempts) throws Exception {
    try (Deaf one = new Deaf();
        Deaf two = new Deaf();
        Deaf three = new Deaf();
        OwnNginx before =
            OwnNginx.start(
                Files.createTempDirectory(directory, "deaf"),
                List.of(one.port(), two.port(), three.port()),
                certificate,
                NginxIT::patient)) {
      HttpResponse<String> answer = ask(before, method, path);
      assertEquals(502, answer.statusCode());
      assertEquals(attempts, one.requests() + two.requests() + three.requests());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /api/products/1/media",
    "DELETE, /api/products/2/media",
    "POST, /api/products/1/media/items",
    "PATCH, /api/products/1/media/items/1",
    "POST, /api/media/bulk",
  })
  void writeThatIsNotSentGoesElsewhere(String method, String path) throws Exception {
    int closed;
    try (Deaf gone = new Deaf()) {
      closed = gone.port();
    }
    try (OwnNginx before =
        OwnNginx.start(
            Files.createTempDirectory(directory, "gone"),
            List.of(closed, closed, SERVICES.get(0).httpPort()),
            certificate,
            NginxIT::patient)) {
      for (int i = 0; i < 4; i++) {
        HttpResponse<String> answer = ask(before, method, path);
        assertTrue(answer.statusCode() < 500, answer.statusCode() + answer.body());
      }
    }
  }

  /** Sends a request, with a body if its method has one, through an NGINX. */
  private static HttpResponse<String> ask(OwnNginx before, String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + before.plainPort() + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.startsWith("P")
                    ? HttpRequest.BodyPublishers.ofString(ONE)
                    : HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void killedNodeCostsNoReadAndDoublesNoWrite() throws Exception {
    write("PUT", "/api/products/5/media", ONE);
    Set<String> confirmed = new TreeSet<>();
    Set<String> sent = new TreeSet<>(Set.of("/1.jpg"));
    for (int i = 0; i < 40; i++) {
      if (i == 10) {
        LINKS.get(1).refuse();
        LINKS.get(1).cut();
      }
      assertEquals(200, get("/api/products/5/media").statusCode(), "read " + i);
      String url = "/n" + i + ".jpg";
      sent.add(url);
      HttpResponse<String> appended =
          write(
              "POST",
              "/api/products/5/media/items",
              "{\"type\":\"image\",\"url\":\"" + url + "\"}");
      if (appended.statusCode() == 201) {
        confirmed.add(url);
      } else {
        assertEquals(502, appended.statusCode(), appended.body());
      }
    }
    List<String> stored =
        new JsonObject(get("/api/products/5/media").body())
            .getJsonArray("media").stream()
                .map(item -> ((JsonObject) item).getString("url"))
                .toList();
    Set<String> once = new TreeSet<>(stored);
    assertEquals(once.size(), stored.size(), stored.toString());
    assertTrue(once.containsAll(confirmed), stored.toString());
    assertTrue(sent.containsAll(once), stored.toString());
    assertTrue(confirmed.size() >= 30, confirmed.toString());
  }

  @Test
  void cacheRevalidatesAndShowsTheLastStateOnlyWhileNoNodeAnswers() throws Exception {
    try (OwnNginx cached =
        OwnNginx.start(
            directory.resolve("cached"),
            links(),
            certificate,
            text ->
                patient(text)
                    .replace("# include canvas/cache.conf", "include canvas/cache.conf")
                    .replace("canvas/documents.conf", "canvas/documents-cached.conf"))) {
      String base = "http://127.0.0.1:" + cached.plainPort();
      SERVICES.get(0).write("PUT", "/api/products/7/media", ONE);
      String first = read(base, "MISS");
      assertEquals(first, read(base, "REVALIDATED"));
      SERVICES.get(1).write("PUT", "/api/products/7/media", ONE.replace("/1.jpg", "/2.jpg"));
      String second = read(base, "EXPIRED");
      assertTrue(second.contains("/2.jpg"), second);
      LINKS.forEach(TcpProxy::refuse);
      LINKS.forEach(TcpProxy::cut);
      assertEquals(second, read(base, "STALE"));
      LINKS.forEach(TcpProxy::mend);
      // NGINX leaves out for two seconds the servers that failed.
      await()
          .until(
              () ->
                  ask(base).headers().allValues("Cache-Status").toString().contains("REVALIDATED"));
    }
  }

  @Test
  void crowdIsHeldAndServed() throws Exception {
    write("PUT", "/api/products/9/media", ONE);
    byte[] request =
        "GET /api/products/9/media HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    List<SocketChannel> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < CROWD; i++) {
        crowd.add(
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.plainPort())));
      }
      int answered = 0;
      for (int from = 0; from < CROWD; from += AT_ONCE) {
        List<SocketChannel> some = crowd.subList(from, from + AT_ONCE);
        for (SocketChannel each : some) {
          each.write(ByteBuffer.wrap(request));
        }
        for (SocketChannel each : some) {
          answered += startOfAnswer(each).equals("HTTP/1.1 200") ? 1 : 0;
        }
      }
      assertEquals(CROWD, answered);
    } finally {
      for (SocketChannel each : crowd) {
        each.close();
      }
    }
  }

  private static String startOfAnswer(SocketChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(12);
    while (start.hasRemaining() && channel.read(start) >= 0) {
      // Reads on.
    }
    return new String(start.array(), StandardCharsets.US_ASCII);
  }

  /** Times and limits for a busy machine, and for clients that share one address. */
  private static String patient(String text) {
    return text.replace("proxy_read_timeout 800ms", "proxy_read_timeout 20s")
        .replace("proxy_next_upstream_timeout 1s", "proxy_next_upstream_timeout 20s")
        .replace("proxy_read_timeout 3s", "proxy_read_timeout 60s")
        .replace("proxy_connect_timeout 500ms", "proxy_connect_timeout 20s")
        .replace("limit_conn canvas_clients 256", "limit_conn canvas_clients " + 2 * CROWD)
        .replaceAll("(client_header_timeout|client_body_timeout|send_timeout) \\d+s", "$1 120s");
  }

  private static List<Integer> links() {
    return LINKS.stream().map(link -> URI.create(link.uri()).getPort()).toList();
  }

  private static String read(String base, String status) throws Exception {
    HttpResponse<String> answer = ask(base);
    assertEquals(200, answer.statusCode(), answer.body());
    List<String> told = answer.headers().allValues("Cache-Status");
    assertTrue(told.contains("nginx; detail=" + status), told.toString());
    return answer.body();
  }

  private static HttpResponse<String> ask(String base) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + "/api/products/7/media")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  private static HttpResponse<String> write(
      String method, String path, String body, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return send(method, path, body, all.toArray(String[]::new));
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + nginx.tlsPort() + path))
            .timeout(Duration.ofMinutes(1))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private static String large(int pictures) {
    return "{\"media\":["
        + IntStream.range(0, pictures)
            .mapToObj(
                i ->
                    "{\"type\":\"image\",\"url\":\"https://a.example/%s/%d.jpg\"}"
                        .formatted("x".repeat(60), i))
            .collect(Collectors.joining(","))
        + "]}";
  }

  /** A server that reads a request and closes the connection. */
  private static final class Deaf implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();

    Deaf() throws IOException {
      Thread thread = new Thread(this::serve, "deaf");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    int requests() {
      return requests.get();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          if (socket.getInputStream().read(new byte[65_536]) > 0) {
            requests.incrementAndGet();
          }
        } catch (IOException over) {
          // Closed, or the next one.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
