package dev.canvas.http.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that do not read what they asked for, while others do. */
class AnswerMemoryTest {

  /** More than the buffers of both sockets hold. */
  private static final int LARGE = 8_000_000;

  private static final Duration LONG = AnswerMemory.GRACE.multipliedBy(4);

  private final List<Socket> silent = new ArrayList<>();
  private RunningHttp http;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : silent) {
      socket.close();
    }
    await().atMost(LONG).until(() -> http.gauge("canvas.answers.held") == 0);
    http.close();
  }

  @Test
  void largeAnswerWaitsUntilThoseWhoDoNotReadAreCut() throws Exception {
    start(2 * LARGE);
    askWithoutReading("/api/products/1/media", 1);
    askWithoutReading("/api/products/media?ids=1", 1);
    await().until(() -> http.gauge("canvas.answers.held") > LARGE);
    CompletableFuture<HttpResponse<String>> batch = get("/api/products/media?ids=1,2");
    assertEquals(200, http.get("/api/products/2/media").statusCode());
    // Two answers, and what of them waits in the connections.
    assertTrue(http.gauge("canvas.answers.held") < 3 * LARGE);
    assertEquals(200, batch.join().statusCode());
    assertEquals(LARGE, batch.join().body().length(), 1_000);
    assertTrue(http.count("canvas.connections.cut", "reason", "unread") >= 1);
  }

  @Test
  void nobodyIsCutWhileThereIsRoom() throws Exception {
    start(10L * LARGE);
    askWithoutReading("/api/products/1/media", 1);
    assertEquals(200, http.get("/api/products/1/media").statusCode());
    assertEquals(200, http.get("/api/products/media?ids=1,2").statusCode());
    assertEquals(0, http.count("canvas.connections.cut", "reason", "unread"));
  }

  @Test
  void answersThatWouldWaitBehindTooManyAreRefused() throws Exception {
    start(LARGE);
    askWithoutReading("/api/products/1/media", 1);
    await().until(() -> http.gauge("canvas.answers.held") > 0);
    CompletableFuture<HttpResponse<String>> first = get("/api/products/1/media");
    CompletableFuture<HttpResponse<String>> second = get("/api/products/1/media");
    HttpResponse<String> refused = first.applyToEither(second, either -> either).join();
    assertEquals(503, refused.statusCode());
    assertEquals("1", refused.headers().firstValue("retry-after").orElseThrow());
    assertTrue(refused.headers().firstValue("etag").isEmpty());
    assertEquals(200, http.get("/api/products/2/media").statusCode());
    assertEquals(
        200, first.thenCombine(second, (a, b) -> a == refused ? b : a).join().statusCode());
  }

  @Test
  void smallAnswersThatNobodyReadsCountToo() throws Exception {
    start(10_000);
    http.media().put(3, new JsonObject().put("alt", "x".repeat(60_000)));
    for (int i = 0; i < 3; i++) {
      askWithoutReading("/api/products/3/media", ConnectionGuard.MAX_PIPELINED);
    }
    await().atMost(LONG).until(() -> http.count("canvas.connections.cut", "reason", "unread") == 3);
  }

  private void start(long answerBytes) {
    http = new RunningHttp(answerBytes);
    http.media().put(1, new JsonObject().put("alt", "x".repeat(LARGE - 1_000)));
    http.media().put(2, new JsonObject().put("alt", "x"));
  }

  private void askWithoutReading(String path, int times) throws IOException {
    Socket socket = http.openNarrow();
    silent.add(socket);
    String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    socket.getOutputStream().write(request.repeat(times).getBytes(StandardCharsets.US_ASCII));
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return http.get(path);
          } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
          }
        });
  }
}
