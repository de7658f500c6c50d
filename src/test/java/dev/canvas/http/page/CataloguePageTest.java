package dev.canvas.http.page;

import static dev.canvas.http.Media.picture;
import static dev.canvas.http.Media.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.Problem;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CataloguePageTest {

  private static RunningHttp server;

  @BeforeAll
  static void start() {
    server = new RunningHttp();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void resetMedia() {
    server.media().reset();
  }

  @Test
  void emptyStoreExplainsHowToLoadProducts() throws Exception {
    HttpResponse<String> page = server.get("/");
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("./canvas up"), page.body());
    assertFalse(page.body().contains("JSON"), "There is no document to link to");
  }

  @Test
  void cardShowsFirstPictureNameAndSummary() throws Exception {
    server.media().put(1, video(1, "/v"), picture(2, "/first"), picture(3, "/second"));
    String page = server.get("/").body();
    assertTrue(page.contains("href=\"/products/1\""), page);
    assertTrue(page.contains("src=\"/first\""), page);
    assertTrue(page.contains("data-others=\"/second\""), page);
    assertTrue(page.contains("<h2>Meridian Runner</h2>"), page);
    assertTrue(page.contains("2 pictures, 1 video<"), page);
  }

  @Test
  void coverOfAProductWithOnlyVideosIsAPoster() throws Exception {
    server.media().put(7, video(1, "/v").put("poster", "/still"), video(2, "/w"));
    String page = server.get("/").body();
    assertTrue(page.contains("src=\"/still\""), page);
    assertTrue(page.contains(">2 videos<"), page);
  }

  @Test
  void productWithoutUsableMediaHasACard() throws Exception {
    server.media().put(7).put(8, picture(1, "javascript:alert(1)"));
    String page = server.get("/").body();
    assertEquals(List.of("7", "8"), productsOn(page));
    assertFalse(page.contains("javascript:"), page);
    assertTrue(page.contains("No pictures<"), page);
  }

  @Test
  void pictureThatPagesMayNotLoadIsNoCover() throws Exception {
    server.media().put(7, picture(1, "http://cdn.example/a.webp"), picture(2, "/second"));
    String page = server.get("/").body();
    assertTrue(page.contains("src=\"/second\""), page);
    assertFalse(page.contains("http://cdn.example"), page);
  }

  @Test
  void showsHowLongTheReadTook() throws Exception {
    server.media().put(7, picture(1, "/p"));
    String page = server.get("/").body();
    assertTrue(page.contains("one product, loaded in"), page);
    assertTrue(
        Pattern.compile("loaded in <strong>\\d+\\.\\d\\d ms</strong>").matcher(page).find(), page);
  }

  @Test
  void pageShows24ProductsAndLinksToTheNext() throws Exception {
    LongStream.rangeClosed(1, 30).forEach(id -> server.media().put(id * 10, picture(1, "/p")));
    String first = server.get("/").body();
    assertEquals(ids(1, 24), productsOn(first));
    assertTrue(first.contains("href=\"/?from=250\""), first);
    assertFalse(first.contains("Back to the start"), first);
    assertTrue(first.contains("href=\"/api/products/media?ids=10,20,"), first);

    String second = server.get("/?from=250").body();
    assertEquals(ids(25, 30), productsOn(second));
    assertFalse(second.contains("More products"), second);
    assertTrue(second.contains("Back to the start"), second);
  }

  @Test
  void exactly24ProductsFitOnOnePage() throws Exception {
    LongStream.rangeClosed(1, 24).forEach(id -> server.media().put(id * 10, picture(1, "/p")));
    String page = server.get("/").body();
    assertEquals(ids(1, 24), productsOn(page));
    assertFalse(page.contains("More products"), page);
  }

  @Test
  void pageBeyondTheLastProductLinksBack() throws Exception {
    server.media().put(1, picture(1, "/p"));
    String page = server.get("/?from=2").body();
    assertTrue(page.contains("You’ve reached the end"), page);
    assertTrue(page.contains("Back to the start"), page);
    assertFalse(page.contains("./canvas up"), page);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/?from=-1", "/?from=1e3", "/?from=", "/?from=1&from=2", "/products?id=%3Cb%3E"})
  void invalidProductNumberGetsAProblemPage(String path) throws Exception {
    HttpResponse<String> page = server.get(path);
    PageAssertions.assertProblemPage(400, page);
    assertFalse(page.body().contains("<b>"), page.body());
  }

  @Test
  void formRedirectsToTheProduct() throws Exception {
    HttpResponse<String> answer = server.get("/products?id=+42+");
    assertEquals(303, answer.statusCode());
    assertEquals("/products/42", answer.headers().firstValue("location").orElseThrow());
    assertEquals("/", server.get("/products").headers().firstValue("location").orElseThrow());
  }

  @Test
  void unavailableStoreGetsAProblemPage() throws Exception {
    server.media().failWith(Problem.UNAVAILABLE);
    HttpResponse<String> page = server.get("/");
    PageAssertions.assertProblemPage(503, page);
    assertEquals("1", page.headers().firstValue("retry-after").orElseThrow());
  }

  @Test
  void headHasTheHeadersOfGetWithoutLengthAndBody() throws Exception {
    server.media().put(1, picture(1, "/p"));
    PageAssertions.assertHeadTellsNoLength(server, "/");
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<String> page = server.send("POST", "/");
    PageAssertions.assertProblemPage(405, page);
    assertEquals("GET, HEAD, OPTIONS", page.headers().firstValue("allow").orElseThrow());
  }

  private static List<String> productsOn(String page) {
    return Pattern.compile("href=\"/products/(\\d+)\"")
        .matcher(page)
        .results()
        .map((MatchResult link) -> link.group(1))
        .toList();
  }

  private static List<String> ids(int first, int last) {
    return LongStream.rangeClosed(first, last).mapToObj(id -> Long.toString(id * 10)).toList();
  }
}
