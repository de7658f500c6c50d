package dev.canvas.http.api;

import static dev.canvas.http.Media.picture;
import static dev.canvas.http.Media.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The write API over HTTP. */
class MediaWritesTest {

  private static final String MEDIA = "/api/products/42/media";
  private static final String ONE = "{\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}";

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @Test
  void putCreatesThenReplacesThenChangesNothing() throws Exception {
    HttpResponse<String> created = http.json("PUT", MEDIA, ONE);
    assertEquals(
        "{\"product_id\":42,\"version\":2,\"media\":[{\"id\":1000,\"type\":\"image\",\"url\":\"/1.jpg\"}]}",
        assertDocument(201, created).encode());
    HttpResponse<String> again = http.json("PUT", MEDIA, ONE);
    assertEquals(created.body(), assertDocument(200, again).encode());
    assertEquals(header(created, "ETag"), header(again, "ETag"));
    HttpResponse<String> replaced = http.json("PUT", MEDIA, "{\"media\":[]}");
    assertEquals("[]", assertDocument(200, replaced).getJsonArray("media").encode());
    assertEquals("\"3\"", header(replaced, "ETag"));
    assertEquals(replaced.body(), http.get(MEDIA).body());
  }

  @Test
  void entityTagsMayComeInSeveralHeaderFields() throws Exception {
    http.media().put(42, picture(1, "/1.jpg"));
    HttpResponse<String> one =
        http.json("PUT", MEDIA, ONE, "If-Match", "\"7\"", "If-Match", "\"1\"");
    assertEquals(200, one.statusCode(), one.body());
  }

  @Test
  void itemIsAddedAtTheEndOrAtAPosition() throws Exception {
    http.media().put(42, picture(1, "/1.jpg"));
    HttpResponse<String> last =
        http.json("POST", MEDIA + "/items", "{\"type\":\"video\",\"url\":\"/v.webm\"}");
    assertEquals("[1,1000]", ids(assertDocument(201, last)));
    assertEquals(MEDIA + "/items/1000", header(last, "Location"));
    HttpResponse<String> first =
        http.json("POST", MEDIA + "/items?position=0", "{\"type\":\"image\",\"url\":\"/0.jpg\"}");
    assertEquals("[1001,1,1000]", ids(assertDocument(201, first)));
    assertProblem(
        Problem.INVALID_MEDIA,
        http.json("POST", MEDIA + "/items?position=4", "{\"type\":\"image\",\"url\":\"/0.jpg\"}"));
    for (String position : new String[] {"-1", "x", "", "1.5", "9999999999", "1&position=2"}) {
      assertProblem(
          Problem.MALFORMED_REQUEST,
          http.json(
              "POST",
              MEDIA + "/items?position=" + position,
              "{\"type\":\"image\",\"url\":\"/0.jpg\"}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/merge-patch+json",
        "application/json",
        "Application/JSON; charset=UTF-8"
      })
  void itemIsPatched(String type) throws Exception {
    http.media().put(42, picture(1, "/1.jpg").put("alt", "Left"), video(2, "/2.webm"));
    HttpResponse<String> patched =
        http.write("PATCH", MEDIA + "/items/1", type, "{\"alt\":null,\"width\":800}");
    assertEquals(
        "{\"id\":1,\"type\":\"image\",\"url\":\"/1.jpg\",\"width\":800}",
        assertDocument(200, patched).getJsonArray("media").getJsonObject(0).encode());
    assertProblem(Problem.ITEM_NOT_FOUND, http.json("PATCH", MEDIA + "/items/3", "{}"));
    assertProblem(
        Problem.PRODUCT_NOT_FOUND, http.json("PATCH", "/api/products/43/media/items/1", "{}"));
  }

  @Test
  void itemIsRemoved() throws Exception {
    http.media().put(42, picture(1, "/1.jpg"));
    HttpResponse<String> removed = http.send("DELETE", MEDIA + "/items/1");
    assertEquals(204, removed.statusCode());
    assertEquals("", removed.body());
    assertEquals(header(http.get(MEDIA), "ETag"), header(removed, "ETag"));
    assertProblem(Problem.ITEM_NOT_FOUND, http.send("DELETE", MEDIA + "/items/1"));
  }

  @Test
  void itemsAreReordered() throws Exception {
    http.media().put(42, picture(1, "/1.jpg"), video(2, "/2.webm"), picture(3, "/3.jpg"));
    HttpResponse<String> ordered = http.json("PUT", MEDIA + "/order", "{\"order\":[3,1,2]}");
    assertEquals("[3,1,2]", ids(assertDocument(200, ordered)));
    JsonObject mismatch =
        assertProblem(
            Problem.ORDER_MISMATCH, http.json("PUT", MEDIA + "/order", "{\"order\":[3,3,7]}"));
    assertEquals(JsonArray.of(1, 2), mismatch.getJsonArray("missing"));
    assertEquals(JsonArray.of(7), mismatch.getJsonArray("unknown"));
    assertEquals(JsonArray.of(3), mismatch.getJsonArray("repeated"));
    assertProblem(
        Problem.ORDER_MISMATCH, http.json("PUT", MEDIA + "/order", "{\"order\":[3,1,2,3]}"));
  }

  @Test
  void allMediaAreDeleted() throws Exception {
    http.media().put(42, picture(1, "/1.jpg"));
    HttpResponse<String> deleted = http.send("DELETE", MEDIA);
    assertEquals(204, deleted.statusCode());
    assertEquals(404, http.get(MEDIA).statusCode());
    assertProblem(Problem.PRODUCT_NOT_FOUND, http.send("DELETE", MEDIA));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,''",
    "DELETE,''",
    "POST,/items",
    "PATCH,/items/1",
    "DELETE,/items/1",
    "PUT,/order"
  })
  void everyWriteChecksIfMatch(String method, String path) throws Exception {
    String body =
        switch (path + method) {
          case "PUT" -> ONE;
          case "/itemsPOST" -> "{\"type\":\"image\",\"url\":\"/0.jpg\"}";
          case "/orderPUT" -> "{\"order\":[1]}";
          default -> "{}";
        };
    http.media().put(42, picture(1, "/1.jpg"));
    for (String others : new String[] {"\"2\"", "W/\"1\"", "\"x\"", "\"2\", W/\"1\",\"\""}) {
      assertProblem(
          Problem.PRECONDITION_FAILED, http.json(method, MEDIA + path, body, "If-Match", others));
    }
    for (String malformed : new String[] {"1", "\"1", "1\"", "\"1\" \"2\"", "*, \"1\"", ""}) {
      assertProblem(
          Problem.MALFORMED_REQUEST, http.json(method, MEDIA + path, body, "If-Match", malformed));
    }
    assertEquals(List.of(), http.media().changes());
    for (String match : new String[] {"\"1\"", "\"7\" , \"1\"", "*"}) {
      http.media().put(42, picture(1, "/1.jpg"));
      int status = http.json(method, MEDIA + path, body, "If-Match", match).statusCode();
      assertTrue(status == 200 || status == 201 || status == 204, match + status);
    }
    http.media().reset();
    assertProblem(
        Problem.PRECONDITION_FAILED, http.json(method, MEDIA + path, body, "If-Match", "*"));
  }

  @Test
  void putWithIfNoneMatchOnlyCreates() throws Exception {
    assertEquals(201, http.json("PUT", MEDIA, ONE, "If-None-Match", "*").statusCode());
    assertProblem(Problem.PRECONDITION_FAILED, http.json("PUT", MEDIA, ONE, "If-None-Match", "*"));
    assertProblem(
        Problem.MALFORMED_REQUEST, http.json("PUT", MEDIA, ONE, "If-None-Match", "\"1\""));
    assertProblem(
        Problem.MALFORMED_REQUEST,
        http.json("PUT", MEDIA, ONE, "If-None-Match", "*", "If-Match", "\"1\""));
    assertProblem(Problem.MALFORMED_REQUEST, http.send("DELETE", MEDIA, "If-None-Match", "*"));
  }

  @Test
  void invalidMediaAreReportedWithAPointerToEachError() throws Exception {
    JsonObject problem =
        assertProblem(
            Problem.INVALID_MEDIA,
            http.json(
                "PUT",
                MEDIA,
                "{\"media\":[{\"id\":7,\"type\":\"gif\",\"url\":\"javascript:alert(1)\"}],\"x\":1}"));
    assertEquals(
        List.of("/media/0/type", "/media/0/url", "/x"),
        problem.getJsonArray("errors").stream()
            .map(error -> ((JsonObject) error).getString("pointer"))
            .toList());
    assertProblem(
        Problem.INVALID_MEDIA,
        http.json("PUT", MEDIA, "{\"media\":[{\"id\":7,\"type\":\"image\",\"url\":\"/7.jpg\"}]}"));
    assertEquals(List.of(), http.media().changes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"media\":[]} x", "{\"media\":[],\"media\":[]}"})
  void invalidJsonIsMalformed(String body) throws Exception {
    assertProblem(Problem.MALFORMED_REQUEST, http.json("PUT", MEDIA, body));
    assertProblem(Problem.MALFORMED_REQUEST, http.json("POST", MEDIA + "/items", body));
    assertProblem(Problem.MALFORMED_REQUEST, http.json("PATCH", MEDIA + "/items/1", body));
    assertProblem(Problem.MALFORMED_REQUEST, http.json("PUT", MEDIA + "/order", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /api/products/x/media",
        "DELETE /api/products/-1/media",
        "POST /api/products/9007199254740992/media/items",
        "PATCH /api/products/42/media/items/0",
        "DELETE /api/products/42/media/items/x",
        "PATCH /api/products/42/media/items/9007199254740992",
        "PUT /api/products/1.5/media/order"
      })
  void invalidIdIsMalformed(String line) throws Exception {
    String[] parts = line.split(" ", 2);
    assertProblem(Problem.MALFORMED_REQUEST, http.json(parts[0], parts[1], "{}"));
  }

  @Test
  void onlyJsonIsAccepted() throws Exception {
    String[] types = {
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "application/merge-patch+json"
    };
    for (String type : types) {
      HttpResponse<String> refused = http.write("PUT", MEDIA, type, ONE);
      assertProblem(Problem.UNSUPPORTED_MEDIA_TYPE, refused);
      assertEquals("application/json", header(refused, "Accept"));
    }
    assertProblem(
        Problem.UNSUPPORTED_MEDIA_TYPE,
        http.write("PATCH", MEDIA + "/items/1", "application/json-patch+json", "[]"));
  }

  @Test
  void problemsOfTheServiceArePassedOn() throws Exception {
    for (Problem problem :
        List.of(Problem.UNAVAILABLE, Problem.OUTCOME_UNKNOWN, Problem.WRITE_CONFLICT)) {
      http.media().failWith(problem);
      HttpResponse<String> answer = http.json("PUT", MEDIA, ONE);
      assertProblem(problem, answer);
      assertEquals(problem.status() == 503, answer.headers().firstValue("Retry-After").isPresent());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/products/42/media,'GET, HEAD, PUT, DELETE, OPTIONS'",
    "/api/products/42/media/items,'POST, OPTIONS'",
    "/api/products/42/media/items/1,'PATCH, DELETE, OPTIONS'",
    "/api/products/42/media/order,'PUT, OPTIONS'",
    "/api/products/media,'GET, HEAD, OPTIONS'",
    "/api/images,'GET, HEAD, POST, PUT, DELETE, OPTIONS'",
    "/api/images/,'GET, HEAD, POST, PUT, DELETE, OPTIONS'"
  })
  void unsupportedMethodIsRefusedWithAllow(String path, String allowed) throws Exception {
    for (String method : new String[] {"GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"}) {
      if (!allowed.contains(method)) {
        HttpResponse<String> refused = http.json(method, path, "{}");
        assertProblem(Problem.METHOD_NOT_ALLOWED, refused);
        assertEquals(allowed, header(refused, "Allow"));
      }
    }
    HttpResponse<String> options = http.send("OPTIONS", path);
    assertEquals(204, options.statusCode());
    assertEquals(allowed, header(options, "Allow"));
  }

  private static JsonObject assertDocument(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals("application/json", header(answer, "Content-Type"));
    assertEquals("no-store", header(answer, "Cache-Control"));
    assertEquals(MEDIA, header(answer, "Content-Location"));
    JsonObject document = new JsonObject(answer.body());
    assertEquals('"' + document.getLong("version").toString() + '"', header(answer, "ETag"));
    return document;
  }

  private static JsonObject assertProblem(Problem problem, HttpResponse<String> answer) {
    assertEquals(problem.status(), answer.statusCode(), answer.body());
    assertEquals("application/problem+json", header(answer, "Content-Type"));
    assertEquals("no-store", header(answer, "Cache-Control"));
    JsonObject details = new JsonObject(answer.body());
    assertEquals(problem.type(), details.getString("type"));
    return details;
  }

  private static String ids(JsonObject document) {
    return document.getJsonArray("media").stream()
        .map(item -> ((JsonObject) item).getLong("id"))
        .toList()
        .toString()
        .replace(" ", "");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
  }
}
