package dev.canvas.http.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large answers: what they look like to a client, and how long they hold the event loop. */
class SlicedBodyTest {

  private static final int PRODUCTS = 100;

  private static final int CLIENTS = 4;
  private static final int WARM_UP = 3;

  private static final int LENGTH = 120_000;
  private static final String BATCH =
      "/api/products/media?ids="
          + LongStream.range(0, PRODUCTS).mapToObj(Long::toString).collect(Collectors.joining(","));

  /** What a loop may be held by one answer, in time of its processor. */
  private static final long MAX_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final List<String> PATHS =
      List.of(BATCH, "/api/products/7/media", "/products/7", "/api/media/export");

  @RegisterExtension
  static final RunningHttp http =
      new RunningHttp(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)));

  @BeforeEach
  void putLargeProducts() {
    Random random = new Random(1);
    for (int id = 0; id < PRODUCTS; id++) {
      String alt =
          random
              .ints(LENGTH, 'a', 'a' + 16)
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      http.media()
          .put(id, new JsonObject().put("type", "image").put("url", "/1.jpg").put("alt", alt));
    }
  }

  @Test
  void compressedAndPlainBodiesAreEqual() throws Exception {
    for (String path : List.of(BATCH, "/api/products/7/media")) {
      HttpResponse<byte[]> plain = http.bytes(path);
      HttpResponse<byte[]> compressed = http.bytes(path, "Accept-Encoding", "gzip");
      assertTrue(plain.body().length > LENGTH);
      assertEquals("gzip", compressed.headers().firstValue("content-encoding").orElseThrow());
      assertTrue(compressed.body().length < plain.body().length);
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
        assertArrayEquals(plain.body(), in.readAllBytes());
      }
    }
  }

  @Test
  void headTellsTheLengthThatGetTells() throws Exception {
    for (String path : List.of(BATCH, "/api/products/7/media")) {
      HttpResponse<byte[]> get = http.bytes(path);
      String length = get.headers().firstValue("content-length").orElseThrow();
      assertEquals(get.body().length, Integer.parseInt(length));
      HttpResponse<String> head = http.send("HEAD", path);
      assertEquals(length, head.headers().firstValue("content-length").orElseThrow());

      get = http.bytes(path, "Accept-Encoding", "gzip");
      head = http.send("HEAD", path, "Accept-Encoding", "gzip");
      assertTrue(get.headers().firstValue("content-length").isEmpty());
      assertTrue(head.headers().firstValue("content-length").isEmpty());
      assertEquals(
          get.headers().firstValue("content-encoding"),
          head.headers().firstValue("content-encoding"));
      assertEquals(get.headers().firstValue("etag"), head.headers().firstValue("etag"));
    }
  }

  @Test
  void clientOfHttp10GetsALengthInsteadOfCompression() throws Exception {
    try (Socket socket = http.open()) {
      String request = "GET /api/products/7/media HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int body = answer.indexOf("\r\n\r\n") + 4;
      String head = answer.substring(0, body);
      assertTrue(head.contains("\r\ncontent-length: " + (answer.length() - body)), head);
      assertFalse(head.contains("gzip"), head);
      assertTrue(head.contains("\r\netag: \""), head);
    }
  }

  @Test
  void connectionIsUsedAgain() throws Exception {
    try (Socket socket = http.open()) {
      String request = "GET /api/products/%d/media HTTP/1.1\r\nHost: a\r\n\r\n";
      socket
          .getOutputStream()
          .write((request.formatted(7) + request.formatted(8)).getBytes(StandardCharsets.US_ASCII));
      assertTrue(readAnswer(socket.getInputStream()).startsWith("{\"product_id\":7,"));
      assertTrue(readAnswer(socket.getInputStream()).startsWith("{\"product_id\":8,"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip"})
  void largeAnswersHoldNoLoop(String coding) throws Exception {
    HeldLoop loop = new HeldLoop();
    for (String path : PATHS) {
      // At first, classes are loaded and code is interpreted.
      for (int round = 0; round < WARM_UP; round++) {
        readAtOnce(path, coding);
      }
      loop.start();
      readAtOnce(path, coding);
      long longest = loop.longestTurnNanos();
      assertTrue(longest <= MAX_TURN_NANOS, longest / 1_000 + " µs, " + coding + ", " + path);
    }
  }

  /** Reads a path in several connections. */
  private static void readAtOnce(String path, String coding) {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      IntStream.range(0, CLIENTS)
          .mapToObj(i -> CompletableFuture.runAsync(() -> read(path, coding), threads))
          .toList()
          .forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
  }

  private static void read(String path, String coding) {
    try (Socket socket = http.open()) {
      String request =
          "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: %s\r\n\r\n"
              .formatted(path, coding);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertEquals("HTTP/1.1 200", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
      byte[] part = new byte[65_536];
      while (in.read(part) >= 0) {}
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String readAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    int length =
        Integer.parseInt(head.toString().replaceFirst("(?s).*content-length: (\\d+).*", "$1"));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Runs once in each turn of the only event loop, and keeps the time of its longest turn. */
  private static final class HeldLoop {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final EventLoop loop = ((VertxInternal) http.vertx()).nettyEventLoopGroup().next();
    private boolean running;
    private long last;
    private long longest;

    void start() throws Exception {
      loop.submit(
              () -> {
                running = true;
                longest = 0;
                last = threads.getCurrentThreadCpuTime();
                probe();
              })
          .get();
    }

    long longestTurnNanos() throws Exception {
      return loop.submit(
              () -> {
                running = false;
                return longest;
              })
          .get();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The probe ends by itself.
    private void probe() {
      long now = threads.getCurrentThreadCpuTime();
      longest = Math.max(longest, now - last);
      last = now;
      if (running) {
        loop.schedule(this::probe, 0, TimeUnit.NANOSECONDS);
      }
    }
  }
}
