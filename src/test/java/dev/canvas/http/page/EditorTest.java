package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of the editor; its behaviour is tested in a browser (src/test/browser). */
@Timeout(20)
class EditorTest {

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
  void isServedWithAndWithoutMedia() throws Exception {
    HttpResponse<String> page = server.get("/products/1/edit");
    assertEquals(200, page.statusCode());
    PageAssertions.assertPage(page);
    assertEquals("same-origin", PageAssertions.header(page, "cross-origin-opener-policy"));
    assertTrue(page.body().contains("<h1>Edit Meridian Runner</h1>"), page.body());
    assertTrue(page.body().contains("data-product=\"1\" data-open=\"true\""), page.body());
    assertTrue(page.body().contains("PUT /api/products/1/media"), page.body());
  }

  @Test
  void scriptAndStyleSheetAreImmutable() throws Exception {
    String page = server.get("/products/1/edit").body();
    for (String address :
        List.of("src=\"(/assets/editor\\.\\w{8}\\.js)", "href=\"(/assets/editor\\.\\w{8}\\.css)")) {
      Matcher link = Pattern.compile(address).matcher(page);
      assertTrue(link.find(), page);
      HttpResponse<String> asset = server.get(link.group(1));
      assertEquals(200, asset.statusCode());
      assertTrue(PageAssertions.header(asset, "cache-control").contains("immutable"));
    }
  }

  @Test
  void invalidProductNumberGetsAProblemPage() throws Exception {
    PageAssertions.assertProblemPage(400, server.get("/products/abc/edit"));
  }

  @Test
  void problemPageOfAProductWithoutMediaLinksToTheEditor() throws Exception {
    server.media().reset();
    HttpResponse<String> missing = server.get("/products/42");
    assertEquals(404, missing.statusCode());
    assertTrue(missing.body().contains("href=\"/products/42/edit\""), missing.body());
    assertFalse(server.get("/products/abc").body().contains("/edit"), "No product, no editor");
  }
}
