package dev.canvas.http.page;

import static dev.canvas.http.Media.picture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.bus.NodeAddresses;
import dev.canvas.http.RunningHttp;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ElementFilesTest {

  /** The size limit of the gallery element, in compressed bytes. */
  private static final int MOST = 20 * 1_024;

  private static final Pattern ASSET = Pattern.compile("\"(/assets/[^\"]+)\"");

  private static RunningHttp server;

  @BeforeAll
  static void start() {
    server = new RunningHttp();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void moduleIsSmallAndMatchesItsDescription() throws Exception {
    JsonObject description = new JsonObject(server.get("/product-canvas.json").body());
    String path = URI.create(description.getString("src")).getPath();
    HttpResponse<byte[]> module = server.bytes(path);
    byte[] digest = MessageDigest.getInstance("SHA-384").digest(module.body());
    assertEquals(
        "sha384-" + Base64.getEncoder().encodeToString(digest), description.getString("integrity"));
    int sent = server.bytes(path, "Accept-Encoding", "gzip").body().length;
    assertEquals(description.getInteger("bytes"), sent);
    assertTrue(sent <= MOST, sent + " bytes");
  }

  @Test
  void pagesOfOtherSitesMayLoadIt() throws Exception {
    String path = new JsonObject(server.get("/product-canvas.json").body()).getString("src");
    for (String each :
        new String[] {URI.create(path).getPath(), "/product-canvas.js", "/product-canvas.json"}) {
      HttpResponse<String> answer = server.get(each, "Origin", "https://shop.example");
      assertEquals("*", PageAssertions.header(answer, "access-control-allow-origin"), each);
      assertEquals("cross-origin", PageAssertions.header(answer, "cross-origin-resource-policy"));
      assertEquals("nosniff", PageAssertions.header(answer, "x-content-type-options"), each);
    }
    HttpResponse<String> module = server.get(URI.create(path).getPath());
    assertEquals("text/javascript; charset=utf-8", PageAssertions.header(module, "content-type"));
    assertEquals(
        "public, max-age=31536000, immutable", PageAssertions.header(module, "cache-control"));
  }

  /** A redirect could lead to a node of another release, which does not have the module. */
  @Test
  void stableAddressHasTheModuleOfThisReleaseItself() throws Exception {
    HttpResponse<byte[]> answer = server.bytes("/product-canvas.js");
    assertEquals(200, answer.statusCode());
    assertEquals("public, max-age=300", PageAssertions.header(answer, "cache-control"));
    assertArrayEquals(
        server.bytes(Asset.readModule("product-canvas").path()).body(), answer.body());
    String tag = PageAssertions.header(answer, "etag");
    HttpResponse<String> again = server.get("/product-canvas.js", "If-None-Match", tag);
    assertEquals(304, again.statusCode());
    assertEquals("*", PageAssertions.header(again, "access-control-allow-origin"));
  }

  @Test
  void modulesOfEarlierReleasesAreServed() throws Exception {
    ReleasedModules released = ReleasedModules.read();
    assertTrue(
        released.paths().contains("/assets/product-canvas.c165f79f.js"),
        () -> released.paths().toString());
    for (String path : released.paths()) {
      HttpResponse<byte[]> answer = server.bytes(path);
      assertEquals(200, answer.statusCode(), path);
      assertEquals(path, Asset.ofModule(answer.body()).path());
      assertEquals(
          "public, max-age=31536000, immutable", PageAssertions.header(answer, "cache-control"));
    }
  }

  /** While a release is being rolled out, pages of the new nodes meet the old ones. */
  @Test
  void moduleOfANewerNodeIsServedOnlyIfItHasTheRightHash() throws Exception {
    Asset newer = Asset.ofModule("export {}".getBytes(StandardCharsets.UTF_8));
    String other = "/assets/product-canvas.00000000.js";
    EventBus bus = server.vertx().eventBus();
    Asset own = Asset.readModule("product-canvas");
    assertArrayEquals(own.body().getBytes(), server.bytes(newer.path()).body());
    for (String path : List.of(newer.path(), other)) {
      bus.consumer(NodeAddresses.MODULE + path, asked -> asked.reply(newer.body()));
    }
    HttpResponse<String> answer = server.get(newer.path());
    assertEquals("export {}", answer.body());
    assertEquals("*", PageAssertions.header(answer, "access-control-allow-origin"));
    assertEquals(
        "public, max-age=31536000, immutable", PageAssertions.header(answer, "cache-control"));
    assertArrayEquals(own.body().getBytes(), server.bytes(other).body());
  }

  /** Nodes of another release that share no event bus with this one cannot be asked. */
  @Test
  void pagesOfAnotherReleaseGetTheFilesOfThisOne() throws Exception {
    server.media().put(1, picture(1, "/a"));
    Set<String> paths = new TreeSet<>();
    for (String page : List.of("/", "/products/1", "/products/1/edit", "/docs")) {
      Matcher addresses = ASSET.matcher(server.get(page).body());
      addresses.results().forEach(each -> paths.add(each.group(1)));
    }
    assertEquals(8, paths.size(), () -> paths.toString());
    for (String path : paths) {
      String unknown = path.replaceFirst("\\.[0-9a-f]{8}\\.", ".00000000.");
      HttpResponse<byte[]> answer = server.bytes(unknown);
      assertEquals(200, answer.statusCode(), unknown);
      assertArrayEquals(server.bytes(path).body(), answer.body(), unknown);
      assertEquals("no-store", PageAssertions.header(answer, "cache-control"), unknown);
      assertEquals(path, PageAssertions.header(answer, "content-location"));
      assertEquals("*", PageAssertions.header(answer, "access-control-allow-origin"), unknown);
    }
    assertEquals(404, server.get("/assets/other.00000000.js").statusCode());
    assertEquals(404, server.get("/assets/canvas.css").statusCode());
  }

  @Test
  void moduleOfThisNodeIsOfferedToTheOthers() throws Exception {
    Asset module = Asset.readModule("product-canvas");
    Buffer offered =
        server
            .vertx()
            .eventBus()
            .<Buffer>request(NodeAddresses.MODULE + module.path(), null)
            .map(reply -> reply.body())
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertEquals(module.body(), offered);
  }

  /** Anybody can send any Host, and a cache would tell its name to others. */
  @Test
  void descriptionNamesNoHostThatIsOnlyTheClientsWord() throws Exception {
    String path = Asset.readModule("product-canvas").path();
    assertEquals("no-store " + path, described("127.0.0.1", "evil.example", null));
    assertEquals("no-store " + path, described("127.0.0.1", "evil.example", "other.example"));
    assertEquals(
        "no-store http://localhost:" + server.port() + path,
        described("127.0.0.1", "localhost", null));
    assertEquals(
        "no-store http://shop.example" + path,
        described(RunningHttp.PROXIES.get(0), "node", "shop.example"));
  }

  /** The caching and the address in the description that a client gets. */
  private static String described(String client, String host, String forwardedHost)
      throws Exception {
    var http = server.vertx().createHttpClient(new HttpClientOptions().setLocalAddress(client));
    var options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(server.port(), "127.0.0.1"))
            .setHost(host)
            .setPort(server.port())
            .setURI("/product-canvas.json");
    if (forwardedHost != null) {
      options.putHeader("X-Forwarded-Host", forwardedHost);
    }
    try {
      return http.request(options)
          .compose(request -> request.send())
          .compose(
              answer ->
                  answer
                      .body()
                      .map(
                          body ->
                              answer.getHeader("Cache-Control")
                                  + " "
                                  + body.toJsonObject().getString("src")))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } finally {
      http.close();
    }
  }
}
