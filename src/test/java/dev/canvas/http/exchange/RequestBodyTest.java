package dev.canvas.http.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies that are too long, too slow or not accepted, over a raw socket. */
class RequestBodyTest {

  private static final int LIMIT = 256 * 1_024;
  private static final String PUT =
      "PUT /api/products/42/media HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @Test
  void bodyUpToTheLimitIsReadAndALongerOneIsRefused() throws Exception {
    String most = "{\"media\":[]" + " ".repeat(LIMIT - 12) + "}";
    assertEquals(201, http.json("PUT", "/api/products/7/media", most).statusCode());
    assertEquals(413, http.json("PUT", "/api/products/7/media", most + " ").statusCode());
  }

  @Test
  void bodyDeclaredTooLongIsRefusedUnreadAndTheConnectionCloses() throws IOException {
    for (String length : new String[] {"262145", "99999999999"}) {
      String answer = exchange(PUT + "Content-Length: " + length + "\r\n\r\n");
      assertTrue(status(answer, 413), answer);
      assertTrue(answer.contains("connection: close"), answer);
    }
  }

  @Test
  void bodyWithoutALengthIsRefusedAtTheLimit() throws IOException {
    try (Socket socket = http.open()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(PUT + "Transfer-Encoding: chunked\r\n\r\n"));
      byte[] chunk = ascii("10000\r\n" + " ".repeat(65_536) + "\r\n");
      try {
        for (int sent = 0; sent < 100; sent++) {
          out.write(chunk);
        }
      } catch (SocketException closed) {
        // Closed by the server, which has read enough.
      }
      String answer = read(socket);
      assertTrue(answer.isEmpty() || status(answer, 413), answer);
    }
    assertEquals(List.of(), http.media().changes());
  }

  @Test
  void bodyOfAnotherTypeGetsNoContinue() throws IOException {
    String answer =
        exchange(
            PUT.replace("application/json", "text/plain")
                + "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n");
    assertTrue(status(answer, 415), answer);
    assertTrue(answer.contains("connection: close"), answer);
  }

  @Test
  void compressedBodyIsRefused() throws Exception {
    String path = "/api/products/7/media";
    var refused = http.json("PUT", path, "{\"media\":[]}", "Content-Encoding", "gzip");
    assertEquals(415, refused.statusCode());
    assertEquals("identity", refused.headers().firstValue("accept-encoding").orElseThrow());
    assertEquals(
        201, http.json("PUT", path, "{\"media\":[]}", "Content-Encoding", "identity").statusCode());
  }

  @Test
  void expectContinueIsAnswered() throws IOException {
    try (Socket socket = http.open()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ascii(PUT + "Connection: close\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n"));
      byte[] line = socket.getInputStream().readNBytes(25);
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", new String(line, StandardCharsets.US_ASCII));
      out.write(ascii("{\"media\":[]}"));
      String answer = read(socket);
      assertTrue(status(answer, 201), answer);
    }
  }

  @Test
  void slowBodyTimesOut() throws IOException {
    try (Socket socket = http.open()) {
      socket.getOutputStream().write(ascii(PUT + "Content-Length: 12\r\n\r\n{\"me"));
      long began = System.nanoTime();
      String answer = read(socket);
      long seconds = (System.nanoTime() - began) / 1_000_000_000;
      assertTrue(status(answer, 408), answer);
      assertTrue(seconds >= 9 && seconds < 18, "after " + seconds + " s");
    }
  }

  @Test
  void connectionContinuesAfterARefusedBodyThatWasReadWhole() throws IOException {
    try (Socket socket = http.open()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(PUT + "Content-Length: 1\r\n\r\n{"));
      out.write(ascii("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
      String answers = read(socket);
      assertTrue(status(answers, 400), answers);
      assertTrue(answers.contains("HTTP/1.1 200 OK"), answers);
    }
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = http.open()) {
      socket.getOutputStream().write(ascii(request));
      return read(socket);
    }
  }

  private static String read(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException reset) {
      return "";
    }
  }

  private static boolean status(String answer, int status) {
    return answer.startsWith("HTTP/1.1 " + status + " ");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
