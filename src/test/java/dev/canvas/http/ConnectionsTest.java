package dev.canvas.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client with a keep-alive connection sees of an HTTP verticle that leaves. */
class ConnectionsTest {

  private final RunningHttp http = new RunningHttp();

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void whoAsksWhileItLeavesIsAnsweredAndToldToClose() throws Exception {
    try (Client client = new Client(http.port())) {
      assertEquals(false, client.askedAndTold());
      Future<Void> left = http.leave();
      boolean told = false;
      while (!told) {
        told = client.askedAndTold();
      }
      assertTrue(client.isAtTheEnd());
      left.await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoIsSilentIsWaitedForAndThenClosed() throws Exception {
    try (Client silent = new Client(http.port());
        Client mute = new Client(http.port())) {
      assertEquals(false, silent.askedAndTold());
      long began = System.nanoTime();
      Future<Void> left = http.leave();
      assertTrue(silent.isAtTheEnd());
      assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) >= 900);
      assertTrue(mute.isAtTheEnd());
      left.await(10, TimeUnit.SECONDS);
    }
    assertThrows(ConnectException.class, () -> new Client(http.port()).close());
  }

  /** One connection, spoken to by hand. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(10_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Asks for a product that is absent, and answers whether the connection is to be closed. */
    boolean askedAndTold() throws IOException {
      String request = "HEAD /api/products/7/media HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertEquals("HTTP/1.1 404 Not Found", in.readLine());
      boolean told = false;
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        told |= line.equals("connection: close");
      }
      return told;
    }

    boolean isAtTheEnd() throws IOException {
      return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
