package dev.canvas.http.page;

import static dev.canvas.http.page.PageAssertions.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SampleFilesTest {

  private static final String VIDEO = "/samples/turn.4e5f6071.webm";

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
  @CsvSource({"/samples/swatch.0a1b2c3d.webp, image/webp", VIDEO + ", video/webm"})
  void filesAreImmutable(String path, String contentType) throws Exception {
    HttpResponse<byte[]> file = server.bytes(path);
    assertEquals(200, file.statusCode());
    assertEquals(contentType, header(file, "content-type"));
    assertEquals("public, max-age=31536000, immutable", header(file, "cache-control"));
    assertEquals("nosniff", header(file, "x-content-type-options"));
    assertEquals("cross-origin", header(file, "cross-origin-resource-policy"));
    assertEquals("*", header(file, "access-control-allow-origin"));
    assertEquals("bytes", header(file, "accept-ranges"));
    assertEquals(Integer.toString(file.body().length), header(file, "content-length"));
    PageAssertions.assertHeadMatchesGet(server, path);
  }

  @Test
  void fileIsServedUnchanged() throws Exception {
    byte[] first = server.bytes(VIDEO).body();
    byte[] second = server.bytes(VIDEO).body();
    try (var original =
        getClass().getResourceAsStream("/" + RunningHttp.SAMPLES + "/turn.4e5f6071.webm")) {
      assertArrayEquals(original.readAllBytes(), first);
    }
    assertArrayEquals(first, second);
  }

  @Test
  void rangeReturnsItsBytes() throws Exception {
    byte[] whole = server.bytes(VIDEO).body();
    HttpResponse<byte[]> part = server.bytes(VIDEO, "Range", "bytes=10-19");
    assertEquals(206, part.statusCode());
    assertEquals("bytes 10-19/" + whole.length, header(part, "content-range"));
    assertEquals("video/webm", header(part, "content-type"));
    assertEquals("public, max-age=31536000, immutable", header(part, "cache-control"));
    assertArrayEquals(Arrays.copyOfRange(whole, 10, 20), part.body());

    HttpResponse<byte[]> rest = server.bytes(VIDEO, "Range", "bytes=10-");
    assertEquals(206, rest.statusCode());
    assertEquals(whole.length - 10, rest.body().length);
  }

  @Test
  void rangeBeyondTheEndIsRefused() throws Exception {
    HttpResponse<String> refused = server.get(VIDEO, "Range", "bytes=999999-");
    assertProblem(416, refused);
    assertTrue(header(refused, "content-range").startsWith("bytes */"));
  }

  @Test
  void headIgnoresRange() throws Exception {
    HttpResponse<String> head = server.send("HEAD", VIDEO, "Range", "bytes=10-19");
    assertEquals(200, head.statusCode());
    assertEquals(header(server.bytes(VIDEO), "content-length"), header(head, "content-length"));
  }

  @Test
  void cachedFileIsNotSentAgain() throws Exception {
    HttpResponse<String> first = server.send("HEAD", VIDEO);
    String modified = header(first, "last-modified");
    HttpResponse<String> again = server.get(VIDEO, "If-Modified-Since", modified);
    assertEquals(304, again.statusCode());
    assertEquals("public, max-age=31536000, immutable", header(again, "cache-control"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/samples/nothing.00000000.webp",
        "/samples/",
        "/samples",
        "/samples/notes.txt",
        "/samples/../products.ndjson",
        "/samples/%2e%2e/products.ndjson",
        "/samples/..%2fproducts.ndjson",
        "/samples/%2e%2e%5cproducts.ndjson",
        "/samples/x/../../products.ndjson",
        "/samples//etc/passwd",
        "/samples/%00",
        "/samples/turn.4e5f6071.webm%00",
        "/samples/turn.4e5f6071.webm/"
      })
  void otherPathsAreNotFound(String path) throws Exception {
    assertProblem(404, server.get(path));
    assertProblem(404, server.get(path));
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<String> refused = server.send("DELETE", VIDEO);
    assertProblem(405, refused);
    assertEquals("GET, HEAD, OPTIONS", header(refused, "allow"));
  }

  @Test
  void deletedFileIsNotFound(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("swatch.0a1b2c3d.webp"), new byte[100]);
    var running = new RunningHttp(RunningHttp.PRODUCTS, folder.toString());
    try {
      Files.delete(file);
      assertProblem(404, running.get("/samples/swatch.0a1b2c3d.webp"));
    } finally {
      running.close();
    }
  }

  @Test
  void startsWithoutSamples() throws Exception {
    var bare = new RunningHttp("there/is/none.ndjson", "there/is/none");
    try {
      assertProblem(404, bare.get(VIDEO));
      assertEquals(200, bare.get("/").statusCode());
    } finally {
      bare.close();
    }
  }

  private static void assertProblem(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals("application/problem+json", header(response, "content-type"));
    assertEquals("no-store", header(response, "cache-control"));
    assertEquals(status, new JsonObject(response.body()).getInteger("status"));
  }
}
