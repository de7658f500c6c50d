package dev.canvas.http.bulk;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.Change;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bulk imports over a raw socket. */
class BulkStreamTest {

  private static final String PATH = "/api/media/bulk";
  private static final String HEAD =
      String.join(
          "\r\n",
          "POST /api/media/bulk HTTP/1.1",
          "Host: a",
          "Content-Type: application/x-ndjson",
          "Transfer-Encoding: chunked",
          "",
          "");

  /** The maximum number of lines in flight per stream. */
  private static final int MOST_LINES = 2_048;

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @Test
  void everyLineGetsAResultInOrderAndInvalidOnesDoNotStopTheImport() throws Exception {
    String tooLong = "{\"product_id\":4" + " ".repeat(NdjsonLines.MAX_LINE) + "}";
    HttpResponse<String> answer =
        post(
            "\ufeff" + line(1) + "\r\n",
            "no json\n",
            "\n",
            "{\"product_id\":2,\"media\":[],\"colour\":1}\n",
            tooLong + "\n",
            line(5) + "\n",
            line(1));
    assertEquals(200, answer.statusCode());
    assertEquals("application/x-ndjson", answer.headers().firstValue("content-type").orElseThrow());
    List<JsonObject> answers = lines(answer.body());
    assertEquals(List.of(1, 2, 4, 5, 6, 7), numbers(answers, "line"));
    assertEquals(List.of(201, 400, 422, 413, 201, 200), numbers(answers, "status"));
    assertEquals(
        "{\"line\":1,\"product_id\":1,\"status\":201,\"version\":2}", answers.get(0).encode());
    assertEquals(2, answers.get(2).getInteger("product_id"));
    assertTrue(answers.get(2).getJsonArray("errors").encode().contains("/colour"));
    assertEquals(2, answers.get(5).getInteger("version"), "the same again changes nothing");
  }

  @Test
  void failedPreconditionIs412() throws Exception {
    List<JsonObject> answers =
        lines(
            post(
                    line(1) + "\n",
                    "{\"product_id\":1,\"media\":[],\"if_version\":7}\n",
                    "{\"product_id\":1,\"media\":[],\"if_version\":0}\n",
                    "{\"product_id\":1,\"media\":[],\"if_version\":2}\n")
                .body());
    assertEquals(List.of(201, 412, 412, 200), numbers(answers, "status"));
    assertEquals("urn:canvas:problem:precondition-failed", answers.get(1).getString("type"));
    assertEquals(1, answers.get(1).getInteger("product_id"));
  }

  @Test
  void linesOfOneProductAreWrittenInOrder() throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      body.append(line(i % 3, "/" + i + ".webp")).append('\n');
    }
    List<JsonObject> answers = lines(post(body.toString()).body());
    assertEquals(300, answers.size());
    List<String> urls =
        http.media().changes().stream()
            .map(change -> ((Change.Import) change).items().get(0).url())
            .toList();
    for (int product = 0; product < 3; product++) {
      int of = product;
      List<String> own = new ArrayList<>();
      IntStream.range(0, 300).filter(i -> i % 3 == of).forEach(i -> own.add("/" + i + ".webp"));
      assertEquals(own, urls.stream().filter(own::contains).toList());
    }
  }

  @Test
  void emptyBodyHasNoResults() throws Exception {
    HttpResponse<String> answer = post("");
    assertEquals(200, answer.statusCode());
    assertEquals("", answer.body());
  }

  @Test
  void otherTypesAndConditionalHeadersAreRefused() throws Exception {
    HttpResponse<String> json = http.json("POST", PATH, line(1));
    assertEquals(415, json.statusCode());
    assertTrue(json.headers().firstValue("accept").orElseThrow().contains("application/x-ndjson"));
    assertEquals(
        400,
        http.write("POST", PATH, "application/x-ndjson", line(1), "If-Match", "*").statusCode());
    assertEquals(
        415,
        http.write("POST", PATH, "application/x-ndjson", line(1), "Content-Encoding", "gzip")
            .statusCode());
    assertEquals(405, http.get(PATH).statusCode());
    assertEquals(List.of(), http.media().changes());
  }

  @Test
  void readingPausesWhileEnoughLinesAreInFlight() throws Exception {
    Promise<Void> gate = http.media().holdBulks();
    int all = 5 * MOST_LINES;
    try (Socket socket = http.open()) {
      Thread writer = writer(socket, all);
      await().until(() -> http.media().changes().size() >= MOST_LINES);
      assertEquals(MOST_LINES, http.media().changes().size());
      assertEquals(200, http.get("/").statusCode(), "others are served");
      gate.complete();
      List<JsonObject> answers = lines(body(read(socket)));
      writer.join();
      assertEquals(IntStream.rangeClosed(1, all).boxed().toList(), numbers(answers, "line"));
    }
  }

  @Test
  void clientThatSendsNoCompleteLineTimesOut() throws Exception {
    try (Socket socket = http.open()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(HEAD));
      out.write(chunk(line(1) + "\n" + line(2).substring(0, 9)));
      List<JsonObject> answers = lines(body(read(socket)));
      assertEquals(List.of(201, 408), numbers(answers, "status"));
      assertEquals(2, answers.get(1).getInteger("line"));
    }
  }

  @Test
  void clientThatDoesNotReadResultsIsDisconnected() throws Exception {
    try (Socket socket = http.openNarrow()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(HEAD));
      byte[] invalid = chunk("1\n".repeat(10_000));
      boolean ended = false;
      long began = System.nanoTime();
      for (int i = 0; i < 10_000 && !ended; i++) {
        try {
          out.write(invalid);
        } catch (SocketException closed) {
          ended = true;
        }
      }
      assertTrue(ended, "results that are not read");
      long seconds = (System.nanoTime() - began) / 1_000_000_000;
      assertTrue(seconds < 30, "no sooner than any idle connection: after " + seconds + " s");
    }
  }

  @Test
  void disconnectedClientFreesItsPlaceAndItsLinesAreStillWritten() throws Exception {
    Promise<Void> gate = http.media().holdBulks();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Socket socket = http.open();
      socket.getOutputStream().write(ascii(HEAD));
      socket.getOutputStream().write(chunk(line(i) + "\n"));
      sockets.add(socket);
    }
    await().until(() -> http.media().changes().size() == 4);
    HttpResponse<String> fifth = post(line(9));
    assertEquals(503, fifth.statusCode());
    assertEquals("1", fifth.headers().firstValue("retry-after").orElseThrow());
    for (Socket socket : sockets) {
      socket.close();
    }
    gate.complete();
    await().until(() -> post(line(9)).statusCode() == 200);
    assertEquals(4, http.media().changes().stream().filter(c -> c.productId().value() < 4).count());
  }

  private static HttpResponse<String> post(String... parts) throws Exception {
    return http.write("POST", PATH, "application/x-ndjson", String.join("", parts));
  }

  private static String line(long productId) {
    return line(productId, "/1.webp");
  }

  private static String line(long productId, String url) {
    return "{\"product_id\":%d,\"media\":[{\"id\":1,\"type\":\"image\",\"url\":\"%s\"}]}"
        .formatted(productId, url);
  }

  private static Thread writer(Socket socket, int lines) {
    Thread writer =
        new Thread(
            () -> {
              try {
                OutputStream out = socket.getOutputStream();
                out.write(ascii(HEAD));
                for (int i = 1; i <= lines; i++) {
                  out.write(chunk(line(i) + "\n"));
                }
                out.write(ascii("0\r\n\r\n"));
              } catch (IOException closed) {
                // The assertions of the test notice what is missing.
              }
            });
    writer.start();
    return writer;
  }

  /** Reads up to the last chunk, or to the end of the connection. */
  private static String read(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[65_536];
    for (int got = socket.getInputStream().read(buffer);
        got > 0;
        got = socket.getInputStream().read(buffer)) {
      all.write(buffer, 0, got);
      if (all.toString(StandardCharsets.UTF_8).endsWith("\r\n0\r\n\r\n")) {
        break;
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Joins the chunks of a response. */
  private static String body(String answer) {
    StringBuilder body = new StringBuilder();
    String rest = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    while (!rest.isEmpty()) {
      int end = rest.indexOf("\r\n");
      int length = Integer.parseInt(rest.substring(0, end), 16);
      body.append(rest, end + 2, end + 2 + length);
      rest = length == 0 ? "" : rest.substring(end + 4 + length);
    }
    return body.toString();
  }

  @Test
  void exportIsTakenOnlyAsAWhole() throws Exception {
    String first = "{\"canvas_export\":1}\n";
    String two = line(1) + "\n" + line(2) + "\n";
    String last = "{\"canvas_export_end\":1,\"products\":2}\n";
    assertEquals(List.of(2, 3), numbers(lines(post(first + two + last).body()), "line"));
    assertEquals(List.of(1, 2), numbers(lines(post(two).body()), "line"), "nothing was promised");
    // The rest of an interrupted export follows its beginning.
    assertEquals(
        List.of(2, 4, 5),
        numbers(lines(post(first + line(3) + "\n" + first + two + last).body()), "line"));
    for (String cut :
        List.of(first + two, first + line(1) + "\n" + last, first + two + line(3) + "\n" + last)) {
      List<JsonObject> answers = lines(post(cut).body());
      JsonObject refused = answers.get(answers.size() - 1);
      assertEquals(400, refused.getInteger("status"), cut);
      assertTrue(refused.getString("detail").contains("The export is "), refused.encode());
      assertEquals(cut.lines().count() + (cut.endsWith(last) ? 0 : 1), refused.getLong("line"));
    }
  }

  private static List<JsonObject> lines(String body) {
    return body.lines().map(JsonObject::new).toList();
  }

  private static List<Integer> numbers(List<JsonObject> answers, String name) {
    return answers.stream().map(answer -> answer.getInteger(name)).toList();
  }

  private static byte[] chunk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ascii(Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
