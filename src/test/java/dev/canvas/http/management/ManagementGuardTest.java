package dev.canvas.http.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use a management port with a key and a name. */
@Timeout(60)
class ManagementGuardTest {

  private static final String KEY = "a-key-of-sixteen";

  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    var settings = new ManagementSettings("127.0.0.1", 0, Set.of("canvas.shop.example"), KEY);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                new ManagementGuard(request -> request.response().end(), settings, () -> KEY))
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /health/live, localhost, X: y, 200",
    "GET, /health/ready, canvas.shop.example, X: y, 200",
    "GET, /health/ready, CANVAS.shop.example:1122, X: y, 200",
    "GET, /health/ready, other.shop.example, X: y, 403",
    "GET, /health/ready, evil.localhost, X: y, 200",
    "GET, /metrics, 10.0.0.7:1122, X: y, 401",
    "GET, /metrics, 10.0.0.7:1122, Authorization: Bearer a-key-of-sixteen, 200",
    "GET, /metrics, 10.0.0.7:1122, authorization: bearer a-key-of-sixteen, 200",
    "GET, /metrics, 10.0.0.7:1122, Authorization: Bearer a-key-of-sixteeN, 401",
    "GET, /metrics, 10.0.0.7:1122, Authorization: Basic a-key-of-sixteen, 401",
    "GET, /metrics, evil.example, Authorization: Bearer a-key-of-sixteen, 403",
    "POST, /verticles, localhost, X: y, 401",
    "POST, /verticles, localhost, Authorization: Bearer a-key-of-sixteen, 200",
    "POST, /verticles, localhost, Origin: http://localhost:1, 403",
  })
  void answers(String method, String path, String host, String field, int status)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      String request =
          "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n"
              .formatted(method, path, host, field);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(status, Integer.parseInt(answer.substring(9, 12)), answer);
    }
  }
}
