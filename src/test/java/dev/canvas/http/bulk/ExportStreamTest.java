package dev.canvas.http.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exports to well-behaved and other clients. */
class ExportStreamTest {

  private static final String PATH = "/api/media/export";

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @Test
  void allDocumentsComeInOrderOrFromAGivenProductOn() throws Exception {
    LongStream.range(0, 1_234).forEach(id -> put(1_233 - id));
    put(ProductId.MAX);
    HttpResponse<String> all = http.get(PATH, "Origin", "https://elsewhere.example");
    assertEquals(200, all.statusCode());
    assertEquals("application/x-ndjson", all.headers().firstValue("content-type").orElseThrow());
    assertEquals("no-store", all.headers().firstValue("cache-control").orElseThrow());
    assertEquals("*", all.headers().firstValue("access-control-allow-origin").orElseThrow());
    List<String> lines = products(all, 1_235);
    assertEquals(1_235, lines.size());
    assertEquals(ProductId.MAX, id(lines.get(1_234)));
    for (int i = 0; i < 1_234; i++) {
      assertEquals(i, id(lines.get(i)));
    }
    assertEquals(lines.subList(1_000, 1_235), products(http.get(PATH + "?after=999"), 235));
    assertEquals(List.of(), products(http.get(PATH + "?after=" + ProductId.MAX), 0));
  }

  @Test
  void headHasNoBodyAndInvalidProductIdsAreRefused() throws Exception {
    put(1);
    assertEquals(200, http.send("HEAD", PATH).statusCode());
    assertEquals(400, http.get(PATH + "?after=x").statusCode());
    assertEquals(400, http.get(PATH + "?after=-1").statusCode());
    assertEquals(400, http.get(PATH + "?after=1&after=2").statusCode());
    assertEquals(405, http.send("DELETE", PATH).statusCode());
  }

  @Test
  void unavailableStoreIsAProblemIfNothingWasSentYet() throws Exception {
    http.media().failWith(Problem.UNAVAILABLE);
    assertEquals(503, http.get(PATH).statusCode());
  }

  @Test
  void interruptedExportDoesNotLookComplete() {
    LongStream.range(0, 500).forEach(ExportStreamTest::put);
    http.media().failPagesFrom(300);
    assertThrows(IOException.class, () -> http.get(PATH));
  }

  /** HTTP/1.0 has no chunks: there the end of the connection ends any answer. */
  @Test
  void lastLineTellsTheEndWhereNothingElseDoes() throws Exception {
    LongStream.range(0, 500).forEach(ExportStreamTest::put);
    String request = "GET " + PATH + " HTTP/1.0\r\n\r\n";
    String whole = http.exchange("127.0.0.1", request);
    assertTrue(whole.endsWith("\n{\"canvas_export_end\":1,\"products\":500}\n"), whole);
    http.media().failPagesFrom(300);
    String broken = http.exchange("127.0.0.1", request);
    assertTrue(broken.contains("\n{\"canvas_export\":1}\n{\"product_id\":0,"), broken);
    assertFalse(broken.contains("canvas_export_end"), broken);
  }

  @Test
  void clientThatDoesNotReadIsDisconnected() throws Exception {
    JsonObject item =
        new JsonObject().put("id", 1).put("type", "image").put("url", "/" + "x".repeat(2_000));
    LongStream.range(0, 20_000).forEach(id -> http.media().put(id, item));
    try (Socket socket = http.openNarrow()) {
      socket
          .getOutputStream()
          .write(
              ("GET " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      // The export has ended when no more pages are requested.
      http.media().awaitQuietPages();
      long rest = socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      assertTrue(rest < 20_000L * 2_000, rest + " bytes came");
    }
  }

  /** The lines between the marks of a whole export. */
  private static List<String> products(HttpResponse<String> export, int count) {
    List<String> lines = export.body().lines().toList();
    assertEquals("{\"canvas_export\":1}", lines.get(0));
    assertEquals("{\"canvas_export_end\":1,\"products\":" + count + "}", lines.get(count + 1));
    assertEquals(count + 2, lines.size());
    return lines.subList(1, count + 1);
  }

  private static void put(long productId) {
    http.media()
        .put(productId, new JsonObject().put("id", 1).put("type", "image").put("url", "/1.webp"));
  }

  private static long id(String line) {
    return new JsonObject(line).getLong("product_id");
  }
}
