package dev.canvas.http.page;

import static dev.canvas.http.Media.picture;
import static dev.canvas.http.Media.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProductPageTest {

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
  void pageIsCompleteAndRevalidated() throws Exception {
    server.media().put(1, picture(1, "/p"));
    HttpResponse<String> page = server.get("/products/1");
    assertEquals(200, page.statusCode());
    assertEquals("no-cache", PageAssertions.header(page, "cache-control"));
    PageAssertions.assertPage(page);
    String body = page.body();
    assertTrue(body.contains("<title>Meridian Runner · Canvas</title>"), body);
    assertTrue(body.contains("name=\"description\" content=\"A light daily trainer.\""), body);
    assertTrue(body.contains("<h1>Meridian Runner</h1>"), body);
    assertTrue(body.contains("href=\"/api/products/1/media\""), body);
  }

  @Test
  void productWithoutANameShowsItsNumber() throws Exception {
    server.media().put(42, picture(1, "/p"));
    String page = server.get("/products/42").body();
    assertTrue(page.contains("<h1>Product 42</h1>"), page);
    assertTrue(page.contains("alt=\"Product 42, picture 1\""), page);
    assertFalse(page.contains("class=\"lead\""), page);
  }

  @Test
  void picturesAndVideosAreInOrder() throws Exception {
    server.media().put(1, picture(3, "/a"), video(1, "/b"), picture(2, "https://cdn.example/c"));
    String page = PageAssertions.markup(server.get("/products/1"));
    List<String> urls =
        Pattern.compile("<(?:img|video) src=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map((MatchResult tag) -> tag.group(1))
            .toList();
    assertEquals(List.of("/a", "/b", "https://cdn.example/c"), urls);
  }

  @Test
  void pictureThatPagesMayNotLoadIsReplacedByItsText() throws Exception {
    String insecure = "http://cdn.example/a.webp";
    server.media().put(1, picture(1, insecure).put("alt", "Left side"), picture(2, "/p"));
    HttpResponse<String> page = server.get("/products/1");
    String markup = PageAssertions.markup(page);
    assertTrue(markup.contains("<p class=\"not-shown\">Left side</p>"), markup);
    assertFalse(markup.contains(insecure), markup);
    assertTrue(tag(page.body(), "/p").contains("fetchpriority=\"high\""), markup);
    assertTrue(markup.contains(" https-only"), "The element has the attribute: " + markup);
  }

  @Test
  void firstPictureHasPriorityAndOthersAreLazy() throws Exception {
    server.media().put(1, video(1, "/v"), picture(2, "/a"), picture(3, "/b"), picture(4, "/c"));
    String page = server.get("/products/1").body();
    assertTrue(tag(page, "/a").contains("fetchpriority=\"high\""), page);
    assertFalse(tag(page, "/a").contains("loading"), page);
    for (String later : List.of("/b", "/c")) {
      assertTrue(tag(page, later).contains("loading=\"lazy\""), page);
      assertFalse(tag(page, later).contains("fetchpriority"), page);
    }
  }

  @Test
  void videoHasControlsAndPlaysInline() throws Exception {
    server
        .media()
        .put(
            1,
            video(1, "/v")
                .put("poster", "/still")
                .put("alt", "On foot")
                .put("width", 480)
                .put("height", 600));
    String tag = tag(server.get("/products/1").body(), "/v");
    for (String part :
        List.of(
            "controls",
            "muted",
            "playsinline",
            "preload=\"none\"",
            "poster=\"/still\"",
            "aria-label=\"On foot\"",
            "width=\"480\"",
            "height=\"600\"")) {
      assertTrue(tag.contains(' ' + part), tag);
    }
    assertFalse(tag.contains("autoplay"), tag);
  }

  @Test
  void spaceIsReservedForAPictureWithASize() throws Exception {
    server
        .media()
        .put(
            1,
            picture(1, "/a").put("width", 960).put("height", 1200).put("placeholder", "#dedad4"),
            picture(2, "/b").put("width", 960),
            picture(3, "/c").put("width", 0).put("height", -1));
    String page = server.get("/products/1").body();
    assertTrue(tag(page, "/a").contains("width=\"960\" height=\"1200\""), page);
    assertTrue(page.contains("fill=\"#dedad4\""), page);
    for (String unsized : List.of("/b", "/c")) {
      assertFalse(tag(page, unsized).matches(".*(?:width|height).*"), page);
    }
  }

  @Test
  void videoWithoutAPosterShowsItsFirstFrame() throws Exception {
    server.media().put(1, video(1, "/v"));
    assertTrue(tag(server.get("/products/1").body(), "/v").contains(" preload=\"metadata\""));
  }

  @Test
  void documentIsInlinedForTheElement() throws Exception {
    server.media().put(1, picture(1, "/a").put("alt", "</script><!-- <script> & \u2028"));
    HttpResponse<String> page = server.get("/products/1");
    MatchResult script =
        Pattern.compile(
                "<product-canvas product-id=\"1\"[^>]* live[^>]*>\\s*<script"
                    + " type=\"application/json\">([^<]*)</script>")
            .matcher(page.body())
            .results()
            .findFirst()
            .orElseThrow(() -> new AssertionError(page.body()));
    assertEquals(
        new JsonObject(server.get("/api/products/1/media").body()),
        new JsonObject(script.group(1)));
  }

  @Test
  void pageLoadsTheModuleOfThisReleaseOrThatOfTheNodeItMeets() throws Exception {
    server.media().put(1, picture(1, "/a"));
    JsonObject description = new JsonObject(server.get("/product-canvas.json").body());
    String page = server.get("/products/1").body();
    assertTrue(
        page.contains("src=\"" + URI.create(description.getString("src")).getPath() + "\""), page);
    assertFalse(page.contains("integrity="), "A node of another release has another module");
    assertFalse(server.get("/").body().contains("/product-canvas."), "The catalogue needs none");
  }

  @Test
  void pagePreconnectsToTheHostsOfPictures() throws Exception {
    server
        .media()
        .put(
            1,
            picture(1, "https://a.example/1\"onload=\"x"),
            picture(2, "HTTPS://A.EXAMPLE/2"),
            picture(3, "/here"),
            video(4, "https://v.example/4").put("poster", "https://b.example:8080?5"),
            picture(5, "https://c.example/6"),
            picture(6, "https://d.example/7"));
    List<String> hosts =
        Pattern.compile("<link rel=\"preconnect\" href=\"([^\"]*)\">")
            .matcher(server.get("/products/1").body())
            .results()
            .map((MatchResult link) -> link.group(1))
            .toList();
    assertEquals(
        List.of("https://a.example", "https://b.example:8080", "https://c.example"), hosts);
  }

  @Test
  void pagesLeadToTheCatalogueAndOnFromTheProduct() throws Exception {
    server.media().put(42, picture(1, "/a"));
    String products = "<li><a href=\"/\">Products</a></li>";
    String product = server.get("/products/42").body();
    assertTrue(product.contains(products), product);
    assertTrue(product.contains("<a href=\"/products/42\" aria-current=\"page\">"), product);
    assertTrue(product.contains("href=\"/?from=43\">More products</a>"), product);
    String editor = server.get("/products/42/edit").body();
    assertTrue(editor.contains(products), editor);
    assertTrue(editor.contains("<li><a href=\"/products/42\">Product 42</a></li>"), editor);
    String catalogue = server.get("/").body();
    assertTrue(catalogue.contains("<a href=\"/\" aria-current=\"page\">Products"), catalogue);
    assertTrue(server.get("/?from=42").body().contains(products));
    assertTrue(server.get("/nothing", "Accept", "text/html").body().contains(products));
    server.media().put(ProductId.MAX, picture(1, "/a"));
    assertFalse(server.get("/products/" + ProductId.MAX).body().contains("More products"));
  }

  @Test
  void productWithEmptyMediaSaysSo() throws Exception {
    server.media().put(1);
    String page = server.get("/products/1").body();
    assertTrue(page.contains("No pictures of this product yet."), page);
  }

  @Test
  void decorativePictureHasAnEmptyAlt() throws Exception {
    server.media().put(1, picture(1, "/a").put("alt", "").put("decorative", true));
    assertTrue(tag(server.get("/products/1").body(), "/a").contains("alt=\"\""));
  }

  @ParameterizedTest
  @CsvSource({
    "NEAR, 'near answered, redis not asked, postgres not asked'",
    "REDIS, 'near missed, redis answered, postgres not asked'",
    "POSTGRES, 'near missed, redis missed, postgres answered'",
    "POSTGRES_BYPASS, 'near not asked, redis not asked, postgres answered'",
    "COUCHDB, 'near missed, redis missed, couchdb answered'"
  })
  void showsWhichTierAnswered(AnswerSource source, String expected) throws Exception {
    server.media().put(1, picture(1, "/p"));
    server.media().answerFrom(source);
    String page = server.get("/products/1").body();
    String shown =
        Pattern.compile("data-tier=\"(\\w+)\".*<span class=\"role\">([a-z ]+)<")
            .matcher(page)
            .results()
            .map(step -> step.group(1) + ' ' + step.group(2))
            .collect(Collectors.joining(", "));
    assertEquals(expected, shown);
    assertTrue(Pattern.compile("<strong>\\d+\\.\\d\\d ms</strong>").matcher(page).find(), page);
  }

  @Test
  void hostileTextsStayText() throws Exception {
    server
        .media()
        .put(
            2,
            picture(1, "/a").put("alt", "\"><script>alert(1)</script>"),
            picture(2, "/b\"onload=\"alert(1)"),
            video(3, "/v").put("alt", "' onplay='alert(1)").put("poster", "javascript:alert(1)"),
            picture(4, "/c").put("placeholder", "red\"/><script>"));
    for (String path : List.of("/products/2", "/")) {
      HttpResponse<String> page = server.get(path);
      PageAssertions.assertPage(page);
      String markup = PageAssertions.markup(page);
      assertFalse(markup.contains("javascript:"), markup);
      assertTrue(markup.contains("&lt;script&gt;alert(1)&lt;/script&gt; "), markup);
    }
  }

  @Test
  void unsafeAddressesAreLeftOut() throws Exception {
    server
        .media()
        .put(
            1,
            picture(1, "javascript:alert(1)"),
            picture(2, "data:text/html,<script>alert(1)</script>"),
            picture(3, "//evil.example/p"),
            video(4, "vbscript:x"),
            picture(5, "/good"));
    String page = PageAssertions.markup(server.get("/products/1"));
    assertTrue(page.contains(">1 picture<"), page);
    assertTrue(tag(page, "/good").contains("fetchpriority=\"high\""), page);
    for (String trace : List.of("javascript", "data:", "evil", "vbscript")) {
      assertFalse(page.contains(trace), page);
    }
  }

  @Test
  void productWithoutMediaIsNotFound() throws Exception {
    HttpResponse<String> page = server.get("/products/99");
    PageAssertions.assertProblemPage(404, page);
    assertTrue(page.body().contains("No pictures yet"), page.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/products/abc",
        "/products/-1",
        "/products/9007199254740992",
        "/products/%3Cb%3E"
      })
  void invalidProductNumberGetsAProblemPage(String path) throws Exception {
    HttpResponse<String> page = server.get(path);
    PageAssertions.assertProblemPage(400, page);
    assertFalse(page.body().contains("<b>"), page.body());
  }

  @Test
  void unavailableStoreGetsAProblemPage() throws Exception {
    server.media().failWith(Problem.UNAVAILABLE);
    HttpResponse<String> page = server.get("/products/1");
    PageAssertions.assertProblemPage(503, page);
    assertEquals("1", PageAssertions.header(page, "retry-after"));
  }

  @Test
  void unreadableDocumentIsAnInternalError() throws Exception {
    server.media().put(1, picture(1, "/p").putNull("type"));
    HttpResponse<String> page = server.get("/products/1");
    PageAssertions.assertProblemPage(500, page);
    assertTrue(page.body().contains("href=\"/products/1/edit\""), page.body());
    assertTrue(page.body().contains("media of product 1 cannot be read"), page.body());
  }

  @ParameterizedTest
  @CsvSource({
    "/products/001, /products/1",
    "/products/1/, /products/1",
    "/products/%31, /products/1",
    "/products/00000000000000000000, /products/0",
    "/products/1/?from=mail, /products/1?from=mail",
    "/products/001/edit, /products/1/edit",
    "/products/1/edit/, /products/1/edit"
  })
  void otherSpellingsRedirectToTheOneAddress(String path, String address) throws Exception {
    server.media().put(1, picture(1, "/p"));
    HttpResponse<String> answer = server.get(path);
    assertEquals(308, answer.statusCode());
    assertEquals(address, PageAssertions.header(answer, "location"));
  }

  @Test
  void theCatalogueSurvivesAnUnreadableDocument() throws Exception {
    server.media().put(1, picture(1, "/p").putNull("type"));
    server.media().put(2, picture(2, "/second"));
    HttpResponse<String> catalogue = server.get("/");
    assertEquals(200, catalogue.statusCode());
    assertTrue(catalogue.body().contains("/second"), catalogue.body());
    assertTrue(catalogue.body().contains("The media of product 1 in the store"), catalogue.body());
    assertTrue(catalogue.body().contains("href=\"/products/1/edit\""), catalogue.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/products/%zz",
        "/api/products/%zz/media",
        "/samples/%zz",
        "/?from=%zz",
        "/api/products/media?ids=%zz"
      })
  void undecodableAddressIsMalformed(String path) throws Exception {
    assertEquals(400, server.raw(path));
  }

  @Test
  void apiAnswersWithProblemJson() throws Exception {
    HttpResponse<String> answer = server.get("/api/products/99/media");
    assertEquals(404, answer.statusCode());
    assertEquals("application/problem+json", PageAssertions.header(answer, "content-type"));
  }

  @Test
  void headHasTheHeadersOfGetWithoutLengthAndBody() throws Exception {
    server.media().put(1, picture(1, "/p"));
    PageAssertions.assertHeadTellsNoLength(server, "/products/1");
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<String> page = server.send("DELETE", "/products/1");
    PageAssertions.assertProblemPage(405, page);
    assertEquals("GET, HEAD, OPTIONS", PageAssertions.header(page, "allow"));
  }

  /** Returns the tag that loads an address. */
  private static String tag(String page, String url) {
    return Pattern.compile("<[^>]*src=\"" + Pattern.quote(url) + "\"[^>]*>")
        .matcher(page)
        .results()
        .map((MatchResult tag) -> tag.group())
        .findFirst()
        .orElseThrow(() -> new AssertionError("Nothing loads " + url + " on " + page));
  }
}
