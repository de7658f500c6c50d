package dev.canvas.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.live.LiveBridge;
import dev.canvas.testing.LiveSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random bytes at the door of browsers, SockJS: each frame is answered or closes its socket, each
 * request is answered with less than 500, and whoever comes next is served. {@code
 * -Dcanvas.contract.seed=…} sends others.
 */
class RandomLiveFramesTest {

  private static final int FRAMES = 400;
  private static final int CONNECTIONS = 30;
  private static final int REQUESTS = 200;
  private static final long SEED = Long.getLong("canvas.contract.seed", 1);

  /** A product that no random frame names. */
  private static final String OTHER = LiveSocket.CHANGED + ".99";

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW");

  private static final List<String> SEGMENTS =
      List.of("000", "a", "a.b", "%00", "%2e", "%C3%A4", "%C3", "", "x".repeat(300));

  private static final List<String> TRANSPORTS =
      List.of(
          "xhr",
          "xhr_send",
          "xhr_streaming",
          "eventsource",
          "htmlfile?c=a",
          "jsonp?c=%3Cscript%3E",
          "jsonp_send",
          "websocket",
          "rawwebsocket",
          "info",
          "chunking_test",
          "iframe.html",
          "");

  private static final String HANDSHAKE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Connection: keep-alive, Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "");

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @ValueSource(strings = {LiveSocket.RAW, "/eventbus/000/a/websocket"})
  void everyFrameIsAnsweredOrClosesItsSocket(String path) throws Exception {
    LiveSocket socket = follower(path);
    for (int i = 0; i < FRAMES; i++) {
      RandomFrame frame = RandomFrame.any(random);
      int length = frame.bytes().length;
      if (path.equals(LiveSocket.RAW)) {
        socket.write(frame.bytes());
      } else {
        // SockJS sends texts, in an array.
        frame = RandomFrame.of(frame.toString().getBytes(StandardCharsets.UTF_8));
        String text = new JsonArray().add(frame.text()).encode();
        length = text.getBytes(StandardCharsets.UTF_8).length;
        socket.write(text);
      }
      String description = "seed " + SEED + ", frame " + i + ": " + frame;
      if (length > LiveBridge.MAX_MESSAGE) {
        await(description).until(socket::isClosed);
        socket = follower(path);
      } else {
        assertEquals(needsError(frame), hasError(socket), description);
      }
    }
    socket.close();
  }

  @Test
  void whatIsNoFrameClosesItsSocketAlone() throws Exception {
    LiveSocket other = follower(LiveSocket.RAW);
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Socket socket = http.open()) {
        String request = "GET " + LiveSocket.RAW + " HTTP/1.1\r\nHost: localhost\r\n" + HANDSHAKE;
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String head = head(new DataInputStream(socket.getInputStream()));
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        byte[] bytes = new byte[2_000];
        random.nextBytes(bytes);
        assertIsClosedAfter(socket, bytes);
      }
      other.send("register", OTHER);
      assertEquals("address_already_registered", other.nextFrame().getString("body"));
    }
    other.close();
  }

  @Test
  void everyOtherRequestIsAnswered() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      String method = Fuzz.one(random, METHODS);
      StringBuilder path = new StringBuilder("/eventbus/");
      for (int n = random.nextInt(3); n > 0; n--) {
        path.append(Fuzz.one(random, SEGMENTS)).append('/');
      }
      path.append(Fuzz.one(random, TRANSPORTS));
      String body = RandomFrame.any(random).toString();
      HttpResponse<String> answer = http.write(method, path.toString(), Fuzz.type(random), body);
      String description = method + " " + path + ": " + answer + "\n" + answer.body();
      assertTrue(answer.statusCode() < 500, description);
      if (answer.statusCode() >= 400 && !method.equals("HEAD")) {
        assertEquals(
            "application/problem+json",
            answer.headers().firstValue("content-type").orElse(""),
            description);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade|Upgrade-Insecure-Requests",
        "websocket|h2c",
        "keep-alive, Upgrade|keep-alive",
        "Version: 13|Version: 99",
        "Version: 13|Version: x",
        "Sec-WebSocket-Version: 13|X: y",
        "Sec-WebSocket-Key|X",
        "AAAA|A",
        "AAAA|äAA!"
      })
  void aHandshakeThatIsWrongIsRefused(String change) throws Exception {
    String[] parts = change.split("\\|", 2);
    String wrong = HANDSHAKE.replace(parts[0], parts[1]);
    for (String path : List.of(LiveSocket.RAW, "/eventbus/000/a/websocket")) {
      assertEquals(400, http.raw("GET", path, "localhost", wrong), path);
      assertEquals(405, http.raw("POST", path, "localhost", wrong), path);
    }
  }

  private static boolean needsError(RandomFrame frame) {
    boolean follows =
        ("register".equals(frame.type()) || "unregister".equals(frame.type()))
            && frame.isOfAProduct();
    return !"ping".equals(frame.type()) && !follows;
  }

  /** A socket that follows a product; the one before it has closed. */
  private static LiveSocket follower(String path) throws InterruptedException {
    await().until(() -> http.count("canvas.live.opened") == http.count("canvas.live.closed"));
    LiveSocket socket = LiveSocket.openAt(path, http.vertx(), http.port());
    assertEquals("rec", socket.send("register", OTHER).nextFrame().getString("type"));
    return socket;
  }

  /**
   * Follows a product once more, which is refused, and tells whether there was another error before
   * that: one of a frame that is wrong, not of one that is right and had no effect.
   */
  private static boolean hasError(LiveSocket socket) throws InterruptedException {
    socket.send("register", OTHER);
    boolean error = false;
    while (true) {
      JsonObject answer = socket.nextFrame();
      String message = answer.getString("message", "");
      if (message.endsWith(OTHER)) {
        return error;
      }
      error |= answer.getString("type").equals("err") && !message.startsWith("Already registered");
    }
  }

  private static void assertIsClosedAfter(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (SocketTimeoutException open) {
      throw new AssertionError("still open", open);
    } catch (IOException reset) {
      // Closed, with some of the bytes unread.
    }
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readByte());
    }
    return head.toString();
  }
}
