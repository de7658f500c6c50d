package dev.canvas.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.MediaRules;
import dev.canvas.media.Problem;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other origins may do, and what pages show if http is allowed. */
class CrossOriginTest {

  private static final String ADMIN = "https://admin.example";
  private static final String MEDIA = "/api/products/42/media";
  private static final String ONE =
      "{\"media\":[{\"type\":\"image\",\"url\":\"http://a.example/1.jpg\"}]}";

  private static RunningHttp http;

  @BeforeAll
  static void start() {
    http = new RunningHttp(Set.of(ADMIN, "https://other.example"), new MediaRules(true));
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  @Test
  void configuredOriginMayWrite() throws Exception {
    HttpResponse<String> preflight = preflight(ADMIN, "PUT", MEDIA);
    assertEquals(204, preflight.statusCode());
    assertEquals(Optional.of(ADMIN), header(preflight, "Access-Control-Allow-Origin"));
    assertEquals(Optional.of("PUT, DELETE"), header(preflight, "Access-Control-Allow-Methods"));
    String sent = header(preflight, "Access-Control-Allow-Headers").orElseThrow();
    for (String name : new String[] {"Authorization", "Content-Type", "If-Match"}) {
      assertTrue(sent.contains(name), sent);
    }
    HttpResponse<String> written = http.json("PUT", MEDIA, ONE, "Origin", ADMIN);
    assertTrue(written.statusCode() < 300, written.body());
    assertEquals(Optional.of(ADMIN), header(written, "Access-Control-Allow-Origin"));
    assertEquals(
        List.of("origin", "accept-encoding"),
        written.headers().allValues("Vary").stream().map(String::toLowerCase).toList());
    assertTrue(header(written, "Access-Control-Expose-Headers").orElseThrow().contains("ETag"));
    HttpResponse<String> refused = http.json("PUT", MEDIA, "{", "Origin", ADMIN);
    assertEquals(400, refused.statusCode());
    assertEquals(Optional.of(ADMIN), header(refused, "Access-Control-Allow-Origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "null", "https://admin.example.evil", "http://127.0.0.1"})
  void otherOriginsMayNotWrite(String origin) throws Exception {
    int before = http.media().changes().size();
    HttpResponse<String> preflight = preflight(origin, "PUT", MEDIA);
    assertTrue(
        !header(preflight, "Access-Control-Allow-Methods").orElse("").contains("PUT"),
        preflight.headers().toString());
    String form = "application/x-www-form-urlencoded";
    for (HttpResponse<String> refused :
        List.of(
            http.json("PUT", MEDIA, ONE, "Origin", origin),
            http.send("DELETE", MEDIA, "Origin", origin),
            http.write("POST", "/api/images", form, "shoe_id=42&img1=/1.jpg", "Origin", origin))) {
      assertEquals(403, refused.statusCode());
      assertEquals(Problem.FORBIDDEN.type(), new JsonObject(refused.body()).getString("type"));
      assertEquals(Optional.empty(), header(refused, "Access-Control-Allow-Origin"));
    }
    assertEquals(before, http.media().changes().size());
  }

  @Test
  void pagesOfThisSiteMayWrite() throws Exception {
    String own = "http://127.0.0.1:" + http.port();
    assertTrue(http.json("PUT", MEDIA, ONE, "Origin", own).statusCode() < 300);
    assertTrue(
        http.json("PUT", MEDIA, ONE, "Origin", own, "Sec-Fetch-Site", "same-origin").statusCode()
            < 300);
    assertEquals(
        403,
        http.json("PUT", MEDIA, ONE, "Origin", own, "Sec-Fetch-Site", "same-site").statusCode());
    assertEquals(
        403,
        http.json("PUT", MEDIA, ONE, "Origin", "http://127.0.0.1:" + (http.port() + 1))
            .statusCode());
  }

  /** Any site can point its own domain name here, and its pages are then of the same origin. */
  @Test
  void domainNameIsNotTrustedWhileWritingIsOpen() throws Exception {
    String origin = "Origin: http://rebound.example:" + http.port() + "\r\n";
    assertEquals(403, http.raw("DELETE", MEDIA, "rebound.example:" + http.port(), origin));
    String local = "Origin: http://localhost:" + http.port() + "\r\n";
    int status = http.raw("DELETE", MEDIA, "localhost:" + http.port(), local);
    assertTrue(status == 204 || status == 404, "answered " + status);
  }

  @Test
  void everyOriginMayStillRead() throws Exception {
    HttpResponse<String> preflight = preflight("https://evil.example", "GET", MEDIA);
    assertEquals(Optional.of("*"), header(preflight, "Access-Control-Allow-Origin"));
    HttpResponse<String> read = http.get("/api/products/media?ids=1", "Origin", ADMIN);
    assertEquals(Optional.of("*"), header(read, "Access-Control-Allow-Origin"));
  }

  /** Apps have origins, and strangers send anything; neither is parsed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "capacitor://localhost",
        "ionic://localhost",
        "tauri://localhost",
        "app://-",
        "chrome-extension://abcdefghijklmnop",
        "https://my_shop.example",
        "file://",
        "null",
        "not an origin",
        "https://[::1",
      })
  void whereAllMayReadEveryOriginMay(String origin) throws Exception {
    for (String path : List.of("/api/products/media?ids=1", "/api/media/export")) {
      HttpResponse<String> read = http.get(path, "Origin", origin);
      assertEquals(200, read.statusCode(), read.body());
      assertEquals(Optional.of("*"), header(read, "Access-Control-Allow-Origin"));
      assertEquals(204, preflight(origin, "GET", path).statusCode());
    }
    assertEquals(200, http.get("/eventbus/info", "Origin", origin).statusCode());
    HttpResponse<String> refused = http.json("PUT", MEDIA, ONE, "Origin", origin);
    assertEquals(403, refused.statusCode());
    assertTrue(header(refused, "Vary").orElse("").contains("origin"), refused.headers().toString());
  }

  /** A cache may show a page what it has fetched for a client that is no page. */
  @Test
  void answerThatAllMayReadSaysSoToEverybodyAndDoesNotVary() throws Exception {
    HttpResponse<String> read = http.get("/api/products/media?ids=1");
    assertEquals(Optional.of("*"), header(read, "Access-Control-Allow-Origin"));
    assertEquals(List.of("accept-encoding"), read.headers().allValues("Vary"));
    assertEquals(Optional.of("cross-origin"), header(read, "Cross-Origin-Resource-Policy"));
  }

  @Test
  void refusedReaderGetsAProblemDocument() throws Exception {
    RunningHttp restricted = new RunningHttp("capacitor://localhost");
    try {
      String path = "/api/products/media?ids=1";
      HttpResponse<String> allowed = restricted.get(path, "Origin", "capacitor://localhost");
      assertEquals(
          Optional.of("capacitor://localhost"), header(allowed, "Access-Control-Allow-Origin"));
      HttpResponse<String> refused = restricted.get(path, "Origin", "https://my_shop.example");
      assertEquals(403, refused.statusCode());
      assertEquals(Problem.FORBIDDEN.type(), new JsonObject(refused.body()).getString("type"));
      for (HttpResponse<String> each : List.of(allowed, refused, restricted.get(path))) {
        assertTrue(header(each, "Vary").orElse("").contains("origin"), each.headers().toString());
        assertEquals(Optional.of("same-origin"), header(each, "Cross-Origin-Resource-Policy"));
      }
    } finally {
      restricted.close();
    }
  }

  @Test
  void pagesMayLoadFromHttpIfAllowed() throws Exception {
    assertEquals(
        Optional.of(
            "default-src 'none'; img-src 'self' https: http:; media-src 'self' https: http:;"
                + " style-src 'self'; script-src 'self'; connect-src 'self';"
                + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
        header(http.get("/"), "Content-Security-Policy"));
  }

  private static HttpResponse<String> preflight(String origin, String method, String path)
      throws Exception {
    return http.send("OPTIONS", path, "Origin", origin, "Access-Control-Request-Method", method);
  }

  private static Optional<String> header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name);
  }
}
