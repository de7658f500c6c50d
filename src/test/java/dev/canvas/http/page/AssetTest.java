package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import java.io.FileNotFoundException;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class AssetTest {

  private static RunningHttp server;

  @BeforeAll
  static void start() {
    server = new RunningHttp();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'/assets/canvas\\.[0-9a-f]{8}\\.css', text/css; charset=utf-8",
    "'/assets/icon\\.[0-9a-f]{8}\\.svg', image/svg+xml"
  })
  void assetsAreImmutable(String address, String contentType) throws Exception {
    Matcher link = Pattern.compile("href=\"(" + address + ")\"").matcher(server.get("/").body());
    assertTrue(link.find());
    HttpResponse<String> asset = server.get(link.group(1));
    assertEquals(200, asset.statusCode());
    assertEquals(contentType, PageAssertions.header(asset, "content-type"));
    assertEquals("nosniff", PageAssertions.header(asset, "x-content-type-options"));
    assertEquals(
        "public, max-age=31536000, immutable", PageAssertions.header(asset, "cache-control"));
    PageAssertions.assertHeadMatchesGet(server, link.group(1));
  }

  @Test
  void assetsAndTheModuleComeWhole() throws Exception {
    for (String path :
        new String[] {Asset.readModule("product-canvas").path(), "/product-canvas.js"}) {
      HttpResponse<byte[]> whole = server.bytes(path, "Range", "bytes=0-1");
      assertEquals(200, whole.statusCode());
      assertEquals("none", PageAssertions.header(whole, "accept-ranges"));
      assertEquals(
          Integer.toString(whole.body().length), PageAssertions.header(whole, "content-length"));
    }
  }

  @Test
  void otherContentHasAnotherAddress() throws Exception {
    assertNotEquals(
        Asset.read("canvas.css", "text/css").path(), Asset.read("icon.svg", "text/css").path());
  }

  @Test
  void missingFileIsNamed() {
    var missing = assertThrows(FileNotFoundException.class, () -> Asset.read("no.css", "text/css"));
    assertEquals(
        "Missing from the class path: dev/canvas/http/page/assets/no.css", missing.getMessage());
  }
}
