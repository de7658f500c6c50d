package dev.canvas.http.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/products/7/media", "/samples/turn.4e5f6071.webm", "/api/media/export", "/"})
  void whoWaitsForEachAnswerMayAskAsOftenAsItLikes(String path) throws Exception {
    http.media().put(7);
    for (int i = 0; i < 3 * ConnectionGuard.MAX_PIPELINED; i++) {
      assertEquals(200, http.get(path).statusCode());
    }
    assertEquals(0, http.count("canvas.connections.cut", "reason", "ahead"));
  }

  @Test
  void whoReadsNothingDoesNotKeepItFromLeaving() throws Exception {
    // More than the sockets of both sides hold.
    http.media().put(7, new JsonObject().put("alt", "x".repeat(1_000_000)));
    try (Client deaf = new Client(http.port())) {
      for (int i = 0; i < 40; i++) {
        deaf.ask("GET");
      }
      deaf.read();
      http.leave().await(12, TimeUnit.SECONDS);
      assertTrue(deaf.rest() < 40_000_000);
    }
  }

  @Test
  void moreConnectionsThanMayBeOpenAreCutOffUntilThereIsRoom() throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < RunningHttp.CONNECTIONS; i++) {
        clients.add(new Client(http.port()));
        clients.get(i).askedAndTold();
      }
      try (Client oneMore = new Client(http.port())) {
        assertTrue(oneMore.isCutOff());
      }
      assertEquals(1, http.count("canvas.connections.cut", "reason", "full"));
      clients.remove(0).close();
      await()
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                try (Client next = new Client(http.port())) {
                  assertEquals(false, next.askedAndTold());
                }
              });
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
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
      ask("HEAD");
      assertEquals("HTTP/1.1 404 Not Found", in.readLine());
      boolean told = false;
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        told |= line.equals("connection: close");
      }
      return told;
    }

    void ask(String method) throws IOException {
      String request = method + " /api/products/7/media HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads a character. */
    int read() throws IOException {
      return in.read();
    }

    /** How much is still to be read before the end, however it comes. */
    long rest() {
      long rest = 0;
      try {
        while (in.read() >= 0) {
          rest++;
        }
      } catch (IOException reset) {
        // An end as good as any other.
      }
      return rest;
    }

    boolean isCutOff() {
      try {
        return in.read() < 0;
      } catch (IOException reset) {
        return true;
      }
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
