package dev.canvas.http.api;

import static dev.canvas.http.Media.picture;
import static dev.canvas.http.Media.video;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.Problem;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes to {@code /api/images}. */
class ShoeImagesWriteTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String POSTED =
      "{\"shoe_id\":999,\"data\":[\"https://a.example/1.jpg\"],\"videos\":[\"https://a.example/1.webm\"]}";

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @ParameterizedTest
  @ValueSource(strings = {"/api/images", "/api/images/"})
  void formCreatesChangesAndDeletes(String path) throws Exception {
    String form =
        "shoe_id=999&img1=https://a.example/1.jpg&vid1=https%3A%2F%2Fa.example/1.webm&img2=";
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> posted = http.write("POST", path, FORM, form);
      assertEquals(201, posted.statusCode(), posted.body());
      assertEquals(POSTED, posted.body());
      assertEquals(
          "/api/images?shoe_id=999", posted.headers().firstValue("Location").orElseThrow());
    }
    assertEquals(
        POSTED.replace(",\"data\"", ",\"source\":\"cache\",\"data\""),
        http.get(path + "?shoe_id=999").body());
    HttpResponse<String> put =
        http.write("PUT", path, FORM, "shoe_id=999&img2=https://a.example/2.jpg");
    assertEquals(200, put.statusCode());
    assertEquals(POSTED.replace("1.jpg\"", "1.jpg\",\"https://a.example/2.jpg\""), put.body());
    HttpResponse<String> deleted = http.send("DELETE", path + "?shoe_id=999");
    assertEquals(200, deleted.statusCode());
    assertEquals("{\"shoe_id\":999}", deleted.body());
    assertEquals(404, http.get(path + "?shoe_id=999").statusCode());
    assertProblem(Problem.PRODUCT_NOT_FOUND, http.send("DELETE", path + "?shoe_id=999"));
  }

  @Test
  void jsonWorksLikeAForm() throws Exception {
    String body =
        "{\"shoe_id\":999,\"img1\":\"https://a.example/1.jpg\",\"img3\":null,\"vid1\":\"https://a.example/1.webm\"}";
    HttpResponse<String> posted = http.json("POST", "/api/images", body);
    assertEquals(201, posted.statusCode());
    assertEquals(POSTED, posted.body());
    HttpResponse<String> put =
        http.json("PUT", "/api/images", "{\"shoe_id\":\"999\",\"vid1\":\"\"}");
    assertEquals("[]", new JsonObject(put.body()).getJsonArray("videos").encode());
    assertEquals(200, http.json("DELETE", "/api/images", "{\"shoe_id\":999}").statusCode());
    assertEquals(404, http.write("DELETE", "/api/images", FORM, "shoe_id=999").statusCode());
  }

  @Test
  void putChangesOnlyTheFieldsThatItNames() throws Exception {
    http.media()
        .put(999, picture(1, "/1.jpg").put("alt", "Left").put("width", 8), video(2, "/2.webm"));
    assertEquals(
        200, http.write("PUT", "/api/images", FORM, "shoe_id=999&img1=/new.jpg").statusCode());
    assertEquals(
        "[{\"id\":1,\"type\":\"image\",\"url\":\"/new.jpg\",\"alt\":\"Left\"},"
            + "{\"id\":2,\"type\":\"video\",\"url\":\"/2.webm\"}]",
        new JsonObject(http.get("/api/products/999/media").body()).getJsonArray("media").encode());
    assertProblem(
        Problem.PRODUCT_NOT_FOUND,
        http.write("PUT", "/api/images", FORM, "shoe_id=998&img1=/new.jpg"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MALFORMED_REQUEST|''",
        "MALFORMED_REQUEST|img1=/1.jpg",
        "MALFORMED_REQUEST|shoe_id=",
        "MALFORMED_REQUEST|shoe_id=-1",
        "MALFORMED_REQUEST|shoe_id=1.5",
        "MALFORMED_REQUEST|shoe_id=9007199254740992",
        "MALFORMED_REQUEST|shoe_id=1&shoe_id=2",
        "MALFORMED_REQUEST|shoe_id=1&img1=/1&img1=/2",
        "MALFORMED_REQUEST|shoe_id=1&img1=%zz",
        "INVALID_MEDIA|shoe_id=1&img8=/1.jpg",
        "INVALID_MEDIA|shoe_id=1&vid3=/1.webm",
        "INVALID_MEDIA|shoe_id=1&name=x",
        "INVALID_MEDIA|shoe_id=1&img1=http://a.example/1.jpg",
        "INVALID_MEDIA|shoe_id=1&img1=//evil.example/",
        "INVALID_MEDIA|shoe_id=1&img1=javascript:alert(1)"
      })
  void invalidFormIsRefused(Problem problem, String form) throws Exception {
    assertProblem(problem, http.write("POST", "/api/images", FORM, form));
    assertProblem(problem, http.write("PUT", "/api/images", FORM, form));
    assertEquals(List.of(), http.media().changes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MALFORMED_REQUEST|{",
        "MALFORMED_REQUEST|{}",
        "MALFORMED_REQUEST|{\"shoe_id\":true}",
        "MALFORMED_REQUEST|{\"shoe_id\":1.5}",
        "MALFORMED_REQUEST|{\"shoe_id\":null}",
        "MALFORMED_REQUEST|{\"shoe_id\":1,\"shoe_id\":2}",
        "INVALID_MEDIA|{\"shoe_id\":1,\"img1\":7}",
        "MALFORMED_REQUEST|{\"shoe_id\":[1]}",
        "INVALID_MEDIA|[]"
      })
  void invalidJsonIsRefused(Problem problem, String body) throws Exception {
    assertProblem(problem, http.json("POST", "/api/images", body));
    assertEquals(List.of(), http.media().changes());
  }

  @Test
  void deleteNeedsOneShoeAndNothingElse() throws Exception {
    http.media().put(999, picture(1, "/1.jpg"));
    assertProblem(Problem.MALFORMED_REQUEST, http.send("DELETE", "/api/images"));
    assertProblem(Problem.MALFORMED_REQUEST, http.send("DELETE", "/api/images?shoe_id=x"));
    assertProblem(
        Problem.MALFORMED_REQUEST,
        http.write("DELETE", "/api/images?shoe_id=999", FORM, "shoe_id=998"));
    assertProblem(
        Problem.INVALID_MEDIA, http.write("DELETE", "/api/images", FORM, "shoe_id=999&img1="));
    assertEquals(List.of(), http.media().changes());
  }

  @Test
  void allErrorsOfJsonAreReportedAtOnce() throws Exception {
    HttpResponse<String> refused =
        http.json(
            "POST",
            "/api/images",
            "{\"shoe_id\":1,\"img1\":7,\"img2\":\"javascript:\",\"img8\":{\"a\":[]},\"vid1\":[1]}");
    assertProblem(Problem.INVALID_MEDIA, refused);
    List<String> pointers =
        new JsonObject(refused.body())
            .getJsonArray("errors").stream()
                .map(fault -> ((JsonObject) fault).getString("pointer"))
                .toList();
    assertEquals(List.of("/img1", "/img2", "/img8", "/vid1"), pointers);
  }

  @Test
  void failedPreconditionIs412AndNothingIsWritten() throws Exception {
    String shoe = "shoe_id=999&img1=/1.jpg";
    for (String method : new String[] {"POST", "PUT", "DELETE"}) {
      String fields = method.equals("DELETE") ? "shoe_id=999" : shoe;
      assertProblem(
          Problem.PRECONDITION_FAILED,
          http.write(method, "/api/images", FORM, fields, "If-Match", "\"7\""));
    }
    assertEquals(
        201, http.write("POST", "/api/images", FORM, shoe, "If-None-Match", "*").statusCode());
    assertProblem(
        Problem.PRECONDITION_FAILED,
        http.write("POST", "/api/images", FORM, shoe, "If-None-Match", "*"));
    assertProblem(
        Problem.MALFORMED_REQUEST,
        http.write("PUT", "/api/images", FORM, shoe, "If-None-Match", "*"));
    assertEquals(1, http.media().changes().size());
    String tag = http.get("/api/products/999/media").headers().firstValue("ETag").orElseThrow();
    assertEquals(
        200,
        http.write("PUT", "/api/images", FORM, "shoe_id=999&img2=/2.jpg", "If-Match", tag)
            .statusCode());
    assertProblem(
        Problem.PRECONDITION_FAILED,
        http.write("DELETE", "/api/images", FORM, "shoe_id=999", "If-Match", tag));
  }

  @Test
  void otherTypesAreRefused() throws Exception {
    for (String type : new String[] {"text/plain", "multipart/form-data; boundary=x"}) {
      assertProblem(
          Problem.UNSUPPORTED_MEDIA_TYPE, http.write("POST", "/api/images", type, "shoe_id=1"));
    }
  }

  private static void assertProblem(Problem problem, HttpResponse<String> answer) {
    assertEquals(problem.status(), answer.statusCode(), answer.body());
    assertEquals(problem.type(), new JsonObject(answer.body()).getString("type"));
  }
}
