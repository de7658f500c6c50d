package dev.canvas.http.page;

import static dev.canvas.http.page.PageAssertions.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges and conditions by the tables of RFC 9110, sections 13 and 14. */
@Timeout(60)
class FileSelectionTest {

  private static final String FILE = "/samples/turn.4e5f6071.webm";
  private static final String TAG = "\"turn.4e5f6071.webm\"";
  private static final String EARLY = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String LATE = "Fri, 06 Nov 2099 08:49:37 GMT";

  @RegisterExtension private static final RunningHttp HTTP = new RunningHttp();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "all",
      value = {
        "bytes=0-0 | 206 | 0 | 1",
        "bytes=0-1 | 206 | 0 | 2", // The first question of Safari.
        "bytes=10-19 | 206 | 10 | 20",
        "Bytes=10-19 | 206 | 10 | 20",
        "bytes=-1 | 206 | -1 | all",
        "bytes=-10 | 206 | -10 | all",
        "bytes=-9999999 | 206 | 0 | all",
        "bytes=3-9999999 | 206 | 3 | all",
        "bytes=3- | 206 | 3 | all",
        "bytes=9999999- | 416 | 0 | 0",
        "bytes=-0 | 416 | 0 | 0",
        // Invalid ranges, other units and several ranges are ignored.
        "bytes=5-2 | 200 | 0 | all",
        "bytes=- | 200 | 0 | all",
        "bytes=a-b | 200 | 0 | all",
        "bytes 0-1 | 200 | 0 | all",
        "seconds=0-1 | 200 | 0 | all",
        "bytes=0-1,3-4 | 200 | 0 | all",
        "bytes=0-1, 3- | 200 | 0 | all",
        "bytes=0-1,9999999- | 200 | 0 | all",
        "bytes=1-2- | 200 | 0 | all",
        "bytes=+1-2 | 200 | 0 | all",
        "bytes=0-1;q=1 | 200 | 0 | all",
        "bytes=0-99999999999999999999 | 206 | 0 | all",
        "bytes=99999999999999999999- | 416 | 0 | 0",
      })
  void ranges(String range, int status, int from, Integer to) throws Exception {
    byte[] whole = HTTP.bytes(FILE).body();
    HttpResponse<byte[]> part = HTTP.bytes(FILE, "Range", range);
    assertEquals(status, part.statusCode());
    if (status == 416) {
      assertEquals("bytes */" + whole.length, header(part, "content-range"));
      return;
    }
    int first = from < 0 ? whole.length + from : from;
    int end = to == null ? whole.length : to;
    assertArrayEquals(Arrays.copyOfRange(whole, first, end), part.body());
    if (status == 206) {
      assertEquals(
          "bytes %d-%d/%d".formatted(first, end - 1, whole.length), header(part, "content-range"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Range | TAG | 206",
        "If-Range | W/TAG | 200",
        "If-Range | \"other\" | 200",
        "If-Range | LAST | 206",
        "If-Range | EARLY | 200",
        "If-Range | LATE | 200",
        "If-Range | rubbish | 200",
        "If-None-Match | TAG | 304",
        "If-None-Match | W/TAG | 304",
        "If-None-Match | \"a\", TAG | 304",
        "If-None-Match | * | 304",
        "If-None-Match | \"a\" | 206",
        "If-Modified-Since | LAST | 304",
        "If-Modified-Since | LATE | 304",
        "If-Modified-Since | EARLY | 206",
        "If-Modified-Since | rubbish | 206",
        "If-Modified-Since | Sunday, 06-Nov-94 08:49:37 GMT | 206",
        "If-Modified-Since | Tuesday, 06-Nov-68 08:49:37 GMT | 304",
        "If-Modified-Since | Sun Nov  6 08:49:37 1994 | 206",
        "If-Modified-Since | Fri Nov  6 08:49:37 2099 | 304",
        "If-Modified-Since | Fri Nov 16 08:49:37 2099 | 206",
        "If-Match | TAG | 206",
        "If-Match | * | 206",
        "If-Match | \"a\" | 412",
        "If-Match | W/TAG | 412",
        "If-Unmodified-Since | LAST | 206",
        "If-Unmodified-Since | EARLY | 412",
        "If-Unmodified-Since | Sunday, 06-Nov-94 08:49:37 GMT | 412",
      })
  void conditionsComeBeforeTheRange(String name, String value, int status) throws Exception {
    String modified = header(HTTP.bytes(FILE), "last-modified");
    String text =
        value
            .replace("TAG", TAG)
            .replace("LAST", modified)
            .replace("EARLY", EARLY)
            .replace("LATE", LATE);
    assertEquals(
        status, HTTP.bytes(FILE, "Range", "bytes=0-1", name, text).statusCode(), name + text);
  }

  @Test
  void tagsDecideBeforeDates() throws Exception {
    assertEquals(
        200, HTTP.bytes(FILE, "If-None-Match", "\"a\"", "If-Modified-Since", LATE).statusCode());
  }

  @Test
  void listsMayComeInSeveralFields() throws Exception {
    HTTP.media().put(1);
    String path = "/api/products/1/media";
    String tag = header(HTTP.bytes(path), "etag");
    assertEquals(
        304, HTTP.bytes(path, "If-None-Match", "\"a\"", "If-None-Match", tag).statusCode());
    assertEquals(
        304, HTTP.bytes(FILE, "If-None-Match", "\"a\"", "If-None-Match", TAG).statusCode());
    String asset = Asset.readModule("product-canvas").path();
    assertEquals(
        "gzip",
        header(
            HTTP.bytes(asset, "Accept-Encoding", "br", "Accept-Encoding", "gzip"),
            "content-encoding"));
    for (String[] codings :
        new String[][] {
          {"gzip", "gzip"},
          {"GZIP;q=0.5", "gzip"},
          {"*", "gzip"},
          {"br, *;q=0.1", "gzip"},
          {"gzip;q=0", "(none)"},
          {"gzip; q=0.000, *", "(none)"},
          {"*;q=0", "(none)"},
          {"identity", "(none)"},
          {"", "(none)"}
        }) {
      assertEquals(
          codings[1],
          header(HTTP.bytes(asset, "Accept-Encoding", codings[0]), "content-encoding"),
          codings[0]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/",
    "/products/1",
    "/products/1/edit",
    "/api/products/1/media",
    "/api/products/media?ids=1",
    "/api/images?shoe_id=1",
    "/api/media/export",
    "/eventbus/info",
    "/product-canvas.js",
    "/product-canvas.json",
    FILE
  })
  void headIsAnsweredWhereGetIs(String path) throws Exception {
    HTTP.media().put(1);
    HttpResponse<String> get = HTTP.get(path);
    HttpResponse<String> head = HTTP.send("HEAD", path);
    assertEquals(get.statusCode(), head.statusCode());
    assertEquals(
        header(get, "content-type").toLowerCase(Locale.ROOT),
        header(head, "content-type").toLowerCase(Locale.ROOT));
    assertTrue(head.body().isEmpty());
  }
}
