package dev.canvas.http.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.Media;
import dev.canvas.http.RunningHttp;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers could read in two ways, and queries that nobody reads. */
@Timeout(60)
class RequestCheckTest {

  @RegisterExtension private static final RunningHttp HTTP = new RunningHttp();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 | Host: a, Transfer-Encoding: xchunked, Content-Length: 4 | Transfer-Encoding",
        "HTTP/1.1 | Host: a, Transfer-Encoding: gzip; chunked | Transfer-Encoding",
        "HTTP/1.1 | Host: a, Transfer-Encoding: gzip, Transfer-Encoding: chunked |"
            + " Transfer-Encoding",
        "HTTP/1.1 | Host: a, Transfer-Encoding: identity | Transfer-Encoding",
        "HTTP/1.0 | Host: a, Transfer-Encoding: chunked | Transfer-Encoding",
        "HTTP/1.1 | Host: a, Host: b | 2 Host fields",
        "HTTP/1.1 | Host: a, Host: a | 2 Host fields",
        "HTTP/1.1 | Accept: x | no Host",
        "HTTP/1.1 | Host: | The Host '' is not valid",
        "HTTP/1.1 | Host: a b | The Host 'a b' is not valid",
        "HTTP/1.1 | Host: a:99999 | The Host 'a:99999' is not valid",
        "HTTP/1.1 | Host: a/b | The Host 'a/b' is not valid",
      })
  void ambiguousRequestIsRefusedAndItsConnectionClosed(String version, String fields, String told)
      throws IOException {
    String lines =
        String.join("\r\n", fields.split(", ", -1)).replace("; ", ", ")
            + "\r\n\r\n4\r\n1234\r\n0\r\n\r\n";
    // A connection that stays open, or whose rest is read as another request, answers twice.
    String next = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    String answer =
        HTTP.exchange("127.0.0.1", "GET /api/products/1/media " + version + "\r\n" + lines + next);
    assertTrue(answer.startsWith("HTTP/1.1 400 ") || answer.startsWith("HTTP/1.0 400 "), answer);
    assertTrue(answer.contains("application/problem+json"), answer);
    assertTrue(answer.contains(told), answer);
    assertEquals(1, answer.split("HTTP/1\\.[01] \\d{3} ", -1).length - 1, answer);
  }

  /** What browsers take for another type than it says it is could run as a script. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET /api/products/1/media HTTP/1.1\r\nHost: a\r\n",
        "GET /api/images?shoe_id=1 HTTP/1.1\r\nHost: a\r\n",
        "GET /api/media/export HTTP/1.1\r\nHost: a\r\n",
        "GET /openapi.json HTTP/1.1\r\nHost: a\r\n",
        "GET /product-canvas.js HTTP/1.1\r\nHost: a\r\n",
        "GET /eventbus/info HTTP/1.1\r\nHost: a\r\n",
        "GET /eventbus/websocket HTTP/1.1\r\nHost: a\r\n",
        "GET /nothing HTTP/1.1\r\nHost: a\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n",
        "POST /api/media/bulk HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n",
        "PATCH / HTTP/1.1\r\nHost: a\r\n",
        "OPTIONS /api/products/1/media HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n"
      })
  void everyAnswerForbidsBrowsersToGuessItsType(String head) throws IOException {
    String answer = HTTP.exchange("127.0.0.1", head + "Connection: close\r\n\r\n");
    assertTrue(
        answer.toLowerCase(Locale.ROOT).contains("\r\nx-content-type-options: nosniff\r\n"),
        answer);
  }

  @Test
  void optionsOfTheWholeServer() throws IOException {
    String answer =
        HTTP.exchange("127.0.0.1", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("allow: get, head,"), answer);
  }

  @Test
  void oldClientNeedsNoHost() throws IOException {
    String answer = HTTP.exchange("127.0.0.1", "GET /product-canvas.json HTTP/1.0\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.0 200 "), answer);
    assertTrue(answer.contains("\"src\":\"/assets/"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?utm_campaign=50%",
        "/products/1?utm_campaign=50%",
        "/products/1?%",
        "/products/1?x=%zz",
        "/products/1/edit?x=%4",
        "/api/products/1/media?x=%",
        "/api/products/media?ids=1&x=100%",
        "/api/images?shoe_id=1&x=100%",
        "/product-canvas.js?%",
      })
  void queryThatIsNotReadDoesNotMatter(String path) throws IOException {
    HTTP.media().put(1, Media.picture(1, "https://a.example/1.jpg"));
    int status = HTTP.raw(path);
    assertTrue(status == 200 || status == 302, path + " answered " + status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?from=%", "/api/products/media?ids=1%", "/api/images?shoe_id=%31%"})
  void queryThatIsReadHasToBeValid(String path) throws IOException {
    assertEquals(400, HTTP.raw(path));
  }
}
