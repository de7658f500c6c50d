package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ElementFilesTest {

  /** The size limit of the gallery element, in compressed bytes. */
  private static final int MOST = 25 * 1_024;

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

  @Test
  void stableAddressRedirectsToTheModuleOfThisRelease() throws Exception {
    HttpResponse<String> answer = server.get("/product-canvas.js");
    assertEquals(302, answer.statusCode());
    assertEquals("public, max-age=300", PageAssertions.header(answer, "cache-control"));
    assertArrayEquals(
        server.bytes(Asset.readModule("product-canvas").path()).body(),
        server.bytes(PageAssertions.header(answer, "location")).body());
  }
}
