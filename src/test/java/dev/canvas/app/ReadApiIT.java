package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The read API, as an HTTP client sees it. */
class ReadApiIT {

  private static RunningService service;

  @BeforeAll
  static void start() {
    service = new RunningService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void secondReadComesFromTheCacheByteForByte() {
    service.put(100);
    HttpResponse<String> first = service.get("/api/products/100/media");
    HttpResponse<String> second = service.get("/api/products/100/media");
    assertEquals(200, first.statusCode());
    assertEquals("canvas; fwd=miss; detail=" + service.store.tier(), header(first, "Cache-Status"));
    assertEquals("canvas; hit; detail=redis", header(second, "Cache-Status"));
    assertEquals(service.document(100), first.body());
    assertEquals(service.document(100), second.body());
  }

  @Test
  void documentHasItsTypeVersionAndCacheHeaders() {
    service.put(101);
    HttpResponse<String> response = service.get("/api/products/101/media");
    long version = service.store.version(101);
    assertEquals("application/json", header(response, "Content-Type"));
    assertEquals("\"" + version + "\"", header(response, "ETag"));
    assertEquals("no-cache", header(response, "Cache-Control"));
    assertEquals("accept-encoding", header(response, "Vary"));
  }

  @Test
  void headReturnsTheSameHeadersWithoutABody() {
    service.put(102);
    HttpResponse<String> get = service.get("/api/products/102/media");
    HttpResponse<String> head = service.request("HEAD", "/api/products/102/media");
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    for (String name : new String[] {"ETag", "Content-Type", "Content-Length", "Cache-Control"}) {
      assertEquals(header(get, name), header(head, name), name);
    }
  }

  @Test
  void knownVersionIsNotSentAgain() {
    service.put(103);
    String tag = header(service.get("/api/products/103/media"), "ETag");
    for (String known : new String[] {tag, "W/" + tag, "\"1\", " + tag, "*"}) {
      HttpResponse<String> response =
          service.get("/api/products/103/media", "If-None-Match", known);
      assertEquals(304, response.statusCode(), known);
      assertEquals(tag, header(response, "ETag"));
      assertEquals("", response.body());
    }
    assertEquals(
        200, service.get("/api/products/103/media", "If-None-Match", "\"1\"").statusCode());
  }

  @Test
  void longDocumentIsCompressedWithAWeakTag() throws IOException {
    String items =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                "{\"id\":%d,\"type\":\"image\",\"url\":\"https://a.example/1.jpg\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]"));
    service.put(104, items);
    HttpResponse<byte[]> compressed =
        service.bytes("/api/products/104/media", "Accept-Encoding", "br, gzip");
    assertEquals("gzip", compressed.headers().firstValue("Content-Encoding").orElseThrow());
    String tag = compressed.headers().firstValue("ETag").orElseThrow();
    assertTrue(tag.startsWith("W/\""), tag);
    try (GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertEquals(service.document(104), new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
    HttpResponse<String> known =
        service.get("/api/products/104/media", "Accept-Encoding", "gzip", "If-None-Match", tag);
    assertEquals(304, known.statusCode());
    HttpResponse<String> plain =
        service.get("/api/products/104/media", "Accept-Encoding", "gzip;q=0");
    assertTrue(plain.headers().firstValue("Content-Encoding").isEmpty());
    assertEquals(service.document(104), plain.body());
  }

  @Test
  void missingProductIsAProblemThatIsNotCached() {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = service.get("/api/products/999999/media");
      assertProblem(response, 404, "urn:canvas:problem:product-not-found");
      assertEquals("no-store", header(response, "Cache-Control"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "abc", "9007199254740992", "1%3Bdrop", "%20"})
  void invalidIdIsRefused(String id) {
    assertProblem(
        service.get("/api/products/" + id + "/media"), 400, "urn:canvas:problem:malformed-request");
  }

  @Test
  void greatestIdIsValid() {
    service.put(9_007_199_254_740_991L);
    assertEquals(200, service.get("/api/products/9007199254740991/media").statusCode());
  }

  @Test
  void batchKeepsTheOrderAndDropsRepeatedIds() {
    service.put(110);
    service.put(111);
    HttpResponse<String> response = service.get("/api/products/media?ids=111,555555,110,111");
    assertEquals(200, response.statusCode());
    assertEquals(
        "{\"found\":["
            + service.document(111)
            + ","
            + service.document(110)
            + "],\"missing\":[555555]}",
        response.body());
    String hundred =
        IntStream.range(1_000, 1_100).mapToObj(String::valueOf).collect(Collectors.joining(","));
    assertEquals(200, service.get("/api/products/media?ids=" + hundred).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?ids=", "?ids=1,,2", "?ids=1&ids=2", "?ids=1,x", "?id=1"})
  void malformedBatchIsRefused(String query) {
    assertProblem(
        service.get("/api/products/media" + query), 400, "urn:canvas:problem:malformed-request");
  }

  @Test
  void batchOfMoreThanAHundredIsRefused() {
    String ids = IntStream.range(0, 101).mapToObj(String::valueOf).collect(Collectors.joining(","));
    HttpResponse<String> response = service.get("/api/products/media?ids=" + ids);
    assertProblem(response, 400, "urn:canvas:problem:malformed-request");
    assertTrue(response.body().contains("101"), response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/images?shoe_id=", "/api/images/?shoe_id="})
  void legacyRouteKeepsItsFormat(String route) {
    long id = route.contains("/?") ? 120 : 121;
    service.put(id);
    for (String source : new String[] {"database", "cache"}) {
      HttpResponse<String> response = service.get(route + id);
      assertEquals(200, response.statusCode());
      assertEquals(
          new JsonObject()
              .put("shoe_id", id)
              .put("source", source)
              .put("data", JsonArray.of("https://a.example/ä1.jpg", "https://a.example/2.jpg"))
              .put("videos", JsonArray.of("https://a.example/v1.webm"))
              .encode(),
          response.body());
      assertTrue(response.headers().firstValue("ETag").isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?shoe_id",
        "?shoe_id=",
        "?shoe_id=-1",
        "?shoe_id=1.5",
        "?shoe_id=9007199254740992",
        "?shoe_id=1&shoe_id=2",
        "?shoe_id=1;drop",
        "?shoe_id=1%3Bdrop%20table",
        "?shoe_id=NaN",
        "?shoe_id=+1"
      })
  void legacyRouteRefusesAnInvalidId(String query) {
    assertProblem(service.get("/api/images/" + query), 400, "urn:canvas:problem:malformed-request");
  }

  @Test
  void tooLongIdsUrisAndHeadersAreRefused() throws IOException {
    HttpResponse<String> response = service.get("/api/images/?shoe_id=" + "9".repeat(3_000));
    assertProblem(response, 400, "urn:canvas:problem:malformed-request");
    String long414 =
        raw("GET /api/images/?shoe_id=" + "9".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertTrue(long414.matches("(?s)HTTP/1.\\d 414 .*"), long414);
    assertTrue(long414.contains("urn:canvas:problem:uri-too-long"), long414);
    String long431 = raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "9".repeat(9_000) + "\r\n\r\n");
    assertTrue(long431.matches("(?s)HTTP/1.\\d 431 .*"), long431);
    String garbage = raw("NONSENSE\r\n\r\n");
    assertTrue(garbage.matches("(?s)HTTP/1.\\d 400 .*"), garbage);
  }

  @Test
  void legacyRouteReportsAMissingShoe() {
    assertProblem(
        service.get("/api/images/?shoe_id=888888"), 404, "urn:canvas:problem:product-not-found");
  }

  @Test
  void unsupportedMethodIsRefusedWithTheAllowedOnes() {
    for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
      HttpResponse<String> response = service.request(method, "/api/products/media");
      assertProblem(response, 405, "urn:canvas:problem:method-not-allowed");
      assertEquals("GET, HEAD, OPTIONS", header(response, "Allow"));
    }
  }

  @Test
  void unknownPathIsAProblem() {
    assertProblem(service.get("/api/nothing"), 404, "urn:canvas:problem:no-such-resource");
  }

  @Test
  void scriptsOfAnyOriginMayReadButNotWrite() {
    service.put(130);
    HttpResponse<String> read =
        service.get("/api/products/130/media", "Origin", "https://shop.example");
    assertEquals("*", header(read, "Access-Control-Allow-Origin"));
    String exposed = header(read, "Access-Control-Expose-Headers");
    assertTrue(exposed.contains("ETag") && exposed.contains("Cache-Status"), exposed);
    HttpResponse<String> preflight =
        service.request(
            "OPTIONS",
            "/api/products/130/media",
            "Origin",
            "https://shop.example",
            "Access-Control-Request-Method",
            "PUT");
    assertFalse(
        preflight.headers().firstValue("Access-Control-Allow-Methods").orElse("").contains("PUT"));
  }

  /** Sends raw text and reads until the connection is closed. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals("application/problem+json", header(response, "Content-Type"));
    JsonObject problem = new JsonObject(response.body());
    assertEquals(type, problem.getString("type"));
    assertEquals(status, problem.getInteger("status"));
    assertFalse(problem.getString("title").isBlank());
    assertFalse(problem.getString("detail").isBlank());
    assertFalse(response.body().contains("Exception"), response.body());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
  }
}
