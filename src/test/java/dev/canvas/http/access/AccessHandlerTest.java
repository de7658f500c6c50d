package dev.canvas.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.exchange.Problems;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler in front of writes, as a client on a raw socket sees it. */
class AccessHandlerTest {

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private HttpServer server;
  private Socket socket;
  private BufferedReader in;

  /** Accepts one credential, and knows one without the scope. */
  private static Optional<WriteAccess.Refusal> refusal(String credential) {
    return switch (credential) {
      case "good/+~._-==" -> Optional.empty();
      case "reader" -> Optional.of(WriteAccess.Refusal.INSUFFICIENT_SCOPE);
      default -> Optional.of(WriteAccess.Refusal.INVALID_TOKEN);
    };
  }

  @BeforeEach
  void start() throws Exception {
    Router router = Router.router(vertx);
    Problems.install(router);
    router
        .route()
        .handler(new AccessHandler(AccessHandlerTest::refusal, registry))
        .handler(BodyHandler.create(false))
        .handler(
            context ->
                context.end("wrote " + context.body().asString(StandardCharsets.UTF_8.name())));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(10_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  @AfterEach
  void stop() throws Exception {
    socket.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "bearer", "BEARER", "Bearer  "})
  void validCredentialPassesWithItsBody(String scheme) throws IOException {
    send("PUT / HTTP/1.1", "Authorization: " + scheme + " good/+~._-==", "Content-Length: 2");
    write("hi");
    assertEquals("HTTP/1.1 200 OK", in.readLine());
    assertTrue(answer().endsWith("wrote hi"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          X: y                                       | 401 | Bearer realm="canvas"
          Authorization: Basic Z29vZDpnb29k          | 401 | Bearer realm="canvas"
          Authorization: good                        | 401 | Bearer realm="canvas"
          Authorization: BearerX good                | 401 | Bearer realm="canvas"
          Authorization:                             | 401 | Bearer realm="canvas"
          Authorization: Bearer                      | 401 | Bearer error="invalid_token"
          Authorization: Bearer good good            | 401 | Bearer error="invalid_token"
          Authorization: Bearer "good"               | 401 | Bearer error="invalid_token"
          Authorization: Bearer good, Basic Z29v     | 401 | Bearer error="invalid_token"
          Authorization: Bearer ====                 | 401 | Bearer error="invalid_token"
          Authorization: Bearer göod                 | 401 | Bearer error="invalid_token"
          Authorization: Bearer bad                  | 401 | Bearer error="invalid_token"
          Authorization: Bearer reader               | 403 | Bearer error="insufficient_scope"
          """)
  void otherRequestsAreRefusedWithAChallenge(String header, int status, String challenge)
      throws IOException {
    send("DELETE / HTTP/1.1", header);
    assertTrue(in.readLine().startsWith("HTTP/1.1 " + status), header);
    String answer = answer();
    assertTrue(answer.contains("www-authenticate: " + challenge), answer);
    assertTrue(answer.contains("content-type: application/problem+json"), answer);
    assertFalse(answer.contains("good"), answer);
    JsonObject problem = new JsonObject(answer.substring(answer.indexOf("{")));
    assertEquals(status, problem.getInteger("status"));
    assertTrue(
        challenge.contains("realm")
            || answer.contains("error_description=\"" + problem.getString("detail") + "\""),
        answer);
  }

  @Test
  void missingScopeIsNamed() throws IOException {
    send("DELETE / HTTP/1.1", "Authorization: Bearer reader");
    assertTrue(answer().contains("error=\"insufficient_scope\", scope=\"media:write\""));
  }

  @Test
  void twoCredentialsAreRefused() throws IOException {
    send(
        "DELETE / HTTP/1.1",
        "Authorization: Bearer good/+~._-==",
        "Authorization: Bearer good/+~._-==");
    assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
  }

  @Test
  void refusedRequestWithoutABodyKeepsItsConnection() throws IOException {
    for (int i = 0; i < 3; i++) {
      send("DELETE / HTTP/1.1", "Content-Length: 0");
      assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
      assertFalse(answer().contains("connection: close"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
  void refusedRequestWithAPendingBodyIsAnsweredAndClosed(String body) throws IOException {
    send("PUT / HTTP/1.1", body);
    assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
    assertTrue(answer().contains("connection: close"));
    assertEquals(-1, in.read());
  }

  @Test
  void refusedRequestGetsNoContinue() throws IOException {
    send("PUT / HTTP/1.1", "Expect: 100-continue", "Content-Length: 1000000");
    assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
  }

  @Test
  void clientThatIsStillSendingGetsTheResponse() throws IOException {
    send("PUT / HTTP/1.1", "Content-Length: 1000000");
    write("x".repeat(1_000_000));
    assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
    assertTrue(answer().contains("connection: close"));
    assertEquals(-1, in.read());
  }

  @Test
  void clientThatNeverStopsSendingIsDisconnected() throws IOException {
    send("PUT / HTTP/1.1", "Transfer-Encoding: chunked");
    assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
    String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
    long began = System.nanoTime();
    assertThrows(
        IOException.class,
        () -> {
          while (System.nanoTime() - began < 10_000_000_000L) {
            write(chunk);
          }
        });
  }

  @Test
  void refusalsAreCountedByReason() throws IOException {
    send("DELETE / HTTP/1.1");
    answer();
    send("DELETE / HTTP/1.1", "Authorization: Bearer reader");
    answer();
    send("DELETE / HTTP/1.1", "Authorization: Bearer reader");
    answer();
    assertEquals(1, refused("no_credential"));
    assertEquals(2, refused("insufficient_scope"));
    assertEquals(0, refused("invalid_token"));
  }

  private double refused(String reason) {
    return registry.get("canvas.writes.refused").tag("reason", reason).counter().count();
  }

  private void send(String... lines) throws IOException {
    write(String.join("\r\n", lines) + "\r\nHost: localhost\r\n\r\n");
  }

  private void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the rest of a response that has a Content-Length. */
  private String answer() throws IOException {
    StringBuilder answer = new StringBuilder();
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      answer.append(line).append('\n');
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    for (int i = 0; i < length; i++) {
      answer.append((char) in.read());
    }
    return answer.toString();
  }
}
