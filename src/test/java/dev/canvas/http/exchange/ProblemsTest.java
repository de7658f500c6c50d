package dev.canvas.http.exchange;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the connection ends if the client does not read and its request fails. */
class ProblemsTest {

  /** More than the socket buffers of both sides hold. */
  private static final Buffer LARGE = Buffer.buffer(new byte[32_000_000]);

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    Problems.install(router);
    router.get("/half").handler(ProblemsTest::failHalfWay);
    router.get("/large").handler(context -> context.response().end(LARGE));
    server =
        vertx
            .createHttpServer()
            .connectionHandler(connection -> connection.closeHandler(closed -> ended.countDown()))
            .requestHandler(router)
            .invalidRequestHandler(Problems::refuse)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void responseThatFailsHalfwayEndsEvenIfNotRead() throws Exception {
    assertEndsUnread("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  void malformedRequestEndsTheConnectionEvenIfTheResponseIsNotRead() throws Exception {
    assertEndsUnread("GET /large HTTP/1.1\r\nHost: a\r\n\r\nNONSENSE\r\n\r\n");
  }

  private static void failHalfWay(RoutingContext context) {
    context.response().setChunked(true);
    context.response().write(LARGE);
    context.fail(Problem.INTERNAL.because("for a test"));
  }

  private void assertEndsUnread(String requests) throws Exception {
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      silent.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
      assertTrue(ended.await(30, TimeUnit.SECONDS));
    }
  }
}
