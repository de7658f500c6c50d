package dev.canvas.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy in front of an echo server. */
class TcpProxyTest {

  private Vertx vertx;
  private TcpProxy proxy;
  private Socket socket;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    int port =
        vertx
            .createNetServer()
            .connectHandler(caller -> caller.handler(caller::write))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS)
            .actualPort();
    proxy = new TcpProxy("echo://user:secret@127.0.0.1:" + port + "/7");
    socket = connect();
  }

  @AfterEach
  void stop() throws Exception {
    socket.close();
    await().atMost(Duration.ofSeconds(30)).until(() -> proxy.connections() == 0);
    proxy.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void bytesPassInBothDirectionsInTheirOrder() throws IOException {
    byte[] sent = new byte[500_000];
    new Random(7).nextBytes(sent);
    assertArrayEquals(sent, echo(sent));
  }

  @Test
  void onlyTheAddressOfTheUriChanges() {
    assertTrue(proxy.uri().matches("echo://user:secret@127\\.0\\.0\\.1:\\d+/7"), proxy.uri());
  }

  @Test
  void aDelayAppliesToAnOpenConnectionUntilItIsMended() throws IOException {
    echo(new byte[10]);
    proxy.delay(Duration.ofMillis(500));
    long millis = millis(() -> echo(new byte[10]));
    assertTrue(millis >= 1_000, millis + " ms");
    proxy.mend();
    assertTrue(millis(() -> echo(new byte[10])) < 1_000);
  }

  @Test
  void aLimitSlowsDownManyBytesButNotFew() throws IOException {
    proxy.limit(20_000);
    long few = millis(() -> echo(new byte[100]));
    assertTrue(few < 1_000, few + " ms");
    long many = millis(() -> echo(new byte[50_000]));
    assertTrue(many >= 2_500, many + " ms");
  }

  @Test
  void aStallHoldsBackAllBytesUntilItIsMended() throws IOException {
    echo(new byte[10]);
    proxy.stall();
    try (Socket late = connect()) {
      late.getOutputStream().write(2);
      socket.getOutputStream().write(1);
      socket.setSoTimeout(100);
      late.setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
      assertThrows(SocketTimeoutException.class, () -> late.getInputStream().read());
      proxy.mend();
      socket.setSoTimeout(10_000);
      late.setSoTimeout(10_000);
      assertEquals(1, socket.getInputStream().read());
      assertEquals(2, late.getInputStream().read());
    }
  }

  @Test
  void aCutClosesConnectionsAndAcceptsNewOnes() throws IOException {
    echo(new byte[10]);
    proxy.cut();
    assertEquals(-1, socket.getInputStream().read());
    socket = connect();
    echo(new byte[10]);
  }

  @Test
  void aRefusalClosesNewConnectionsOnly() throws IOException {
    echo(new byte[10]);
    proxy.refuse();
    try (Socket refused = connect()) {
      assertEquals(-1, refused.getInputStream().read());
    }
    echo(new byte[10]);
  }

  private Socket connect() throws IOException {
    Socket connected =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(proxy.uri()).getPort());
    connected.setSoTimeout(10_000);
    return connected;
  }

  private byte[] echo(byte[] sent) throws IOException {
    socket.getOutputStream().write(sent);
    byte[] answer = socket.getInputStream().readNBytes(sent.length);
    assertEquals(sent.length, answer.length);
    return answer;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static long millis(Step step) throws IOException {
    long began = System.nanoTime();
    step.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
