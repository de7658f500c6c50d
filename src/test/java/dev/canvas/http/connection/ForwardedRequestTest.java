package dev.canvas.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed about a client depends on who tells it. */
@Timeout(60)
class ForwardedRequestTest {

  private static final String PROXY = RunningHttp.PROXIES.get(0);
  private static final String STRANGER = "127.0.0.1";

  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    ProxySettings proxies = ProxySettings.of(RunningHttp.PROXIES);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  var told = ForwardedRequest.of(request, proxies);
                  request
                      .response()
                      .end(
                          told.scheme()
                              + "://"
                              + told.authority()
                              + " "
                              + told.remoteAddress().hostAddress()
                              + (told.isSSL() ? " secure" : ""));
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | http://node:1 127.0.0.9",
        "X-Forwarded-Proto: https;X-Forwarded-Host: shop.example;X-Forwarded-For: 192.0.2.1"
            + " | https://shop.example 192.0.2.1 secure",
        "X-Forwarded-Host: shop.example:8443;X-Forwarded-For: [2001:db8::1]:4711"
            + " | http://shop.example:8443 2001:db8:0:0:0:0:0:1",
        "X-Forwarded-For: 2001:db8::1 | http://node:1 2001:db8:0:0:0:0:0:1",
        "X-Forwarded-For: 192.0.2.1:80 | http://node:1 192.0.2.1",
        // A client wrote the first values, its proxy added the last ones.
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1;X-Forwarded-Host: evil.example, shop.example"
            + " | http://shop.example 192.0.2.1",
        "X-Forwarded-For: 6.6.6.6;X-Forwarded-For: 192.0.2.1 | http://node:1 192.0.2.1",
        // Two proxies, both trusted: the outer one met the client.
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.7;X-Forwarded-Proto: ftp, https, http"
            + " | https://node:1 192.0.2.1 secure",
        "X-Forwarded-For: 192.0.2.1, 10.0.0.7;X-Forwarded-Proto: https"
            + " | https://node:1 192.0.2.1 secure",
        // What cannot be read is not believed.
        "X-Forwarded-For: unknown;X-Forwarded-Proto: gopher;X-Forwarded-Host: a b"
            + " | http://node:1 127.0.0.9",
        "Forwarded: for=6.6.6.6, for=192.0.2.1;proto=https;host=\"shop.example:8443\""
            + " | https://shop.example:8443 192.0.2.1 secure",
        "Forwarded: For=\"[2001:db8::1]:4711\" | http://node:1 2001:db8:0:0:0:0:0:1",
        // A client's own Forwarded passes proxies that do not know it.
        "Forwarded: for=6.6.6.6, proto=https;X-Forwarded-For: 192.0.2.1 | http://node:1 192.0.2.1",
      })
  void trustedProxyTellsAboutItsClient(String fields, String expected) throws IOException {
    assertEquals(expected, ask(PROXY, fields));
  }

  @Test
  void nobodyElseIsBelieved() throws IOException {
    String fields =
        "X-Forwarded-Proto: https|X-Forwarded-Host: shop.example|Forwarded: for=6.6.6.6";
    for (String each : fields.split("\\|", -1)) {
      assertEquals("http://node:1 127.0.0.1", ask(STRANGER, each));
    }
  }

  @Test
  void linksNameTheHostThatTheProxyTells() throws IOException {
    RunningHttp http = new RunningHttp();
    try {
      String request =
          """
          GET /product-canvas.json HTTP/1.1
          Host: node:1
          X-Forwarded-Proto: https
          X-Forwarded-Host: shop.example
          Connection: close

          """
              .replace("\n", "\r\n");
      String told = http.exchange(PROXY, request);
      assertTrue(told.contains("\"https://shop.example/assets/"), told);
      String ignored = http.exchange(STRANGER, request);
      assertTrue(ignored.contains("\"src\":\"/assets/"), ignored);
    } finally {
      http.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "10.0.0", "fd00::/129", ""})
  void whatIsNoNetworkIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ProxySettings.of(List.of(text)));
  }

  /**
   * @param fields header lines, separated by semicolons; those within Forwarded are its own
   */
  private static String ask(String from, String fields) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
      String lines =
          Stream.of(fields.split(";(?=X-)", -1))
              .filter(line -> line.contains(":"))
              .map(line -> line + "\r\n")
              .collect(Collectors.joining());
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: node:1\r\n" + lines + "Connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }
}
