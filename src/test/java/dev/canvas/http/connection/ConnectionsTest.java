package dev.canvas.http.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.HttpSettings;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The drain of an HTTP verticle, as a client with a keep-alive connection sees it. */
class ConnectionsTest {

  private final RunningHttp http = new RunningHttp();

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void requestDuringTheDrainIsAnsweredWithConnectionClose() throws Exception {
    try (Client client = new Client(http.port())) {
      assertEquals(false, client.requestAnnouncesClose());
      Future<Void> stopped = http.undeploy();
      boolean announced = false;
      while (!announced) {
        announced = client.requestAnnouncesClose();
      }
      assertTrue(client.isAtTheEnd());
      stopped.await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void idleConnectionIsClosedAfterAGracePeriod() throws Exception {
    try (Client silent = new Client(http.port());
        Client mute = new Client(http.port())) {
      assertEquals(false, silent.requestAnnouncesClose());
      long began = System.nanoTime();
      Future<Void> stopped = http.undeploy();
      assertTrue(silent.isAtTheEnd());
      assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) >= 900);
      assertTrue(mute.isAtTheEnd());
      stopped.await(10, TimeUnit.SECONDS);
    }
    assertThrows(ConnectException.class, () -> new Client(http.port()).close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/products/7/media", "/samples/turn.4e5f6071.webm", "/api/media/export", "/"})
  void sequentialRequestsAreNotLimited(String path) throws Exception {
    http.media().put(7);
    for (int i = 0; i < 3 * ConnectionGuard.MAX_PIPELINED; i++) {
      assertEquals(200, http.get(path).statusCode());
    }
    assertEquals(0, http.count("canvas.connections.cut", "reason", "ahead"));
  }

  @Test
  void clientThatDoesNotReadDoesNotBlockTheDrain() throws Exception {
    // More than the socket buffers of both sides hold.
    http.media().put(7, new JsonObject().put("alt", "x".repeat(1_000_000)));
    try (Client silent = new Client(http.port())) {
      for (int i = 0; i < 40; i++) {
        silent.ask("GET");
      }
      silent.read();
      http.undeploy().await(12, TimeUnit.SECONDS);
      assertTrue(silent.rest() < 40_000_000);
    }
  }

  @Test
  void requestsThatArriveTogetherAreAllAnswered() throws Exception {
    try (Client client = new Client(http.port())) {
      client.ask("HEAD", 3);
      for (int i = 0; i < 3; i++) {
        assertEquals(false, client.answerAnnouncesClose());
      }
    }
  }

  @Test
  void answersThatNobodyReadsAreNotMade() throws Exception {
    // More than the socket buffers of both sides hold, so one answer cannot end.
    http.media().put(7, new JsonObject().put("alt", "x".repeat(20_000_000)));
    try (Client silent = new Client(http.port());
        Client other = new Client(http.port())) {
      for (int i = 0; i < ConnectionGuard.MAX_PIPELINED; i++) {
        silent.ask("GET");
      }
      silent.read();
      other.ask("GET");
      assertTrue(other.rest(20_000_000) >= 20_000_000);
      assertTrue(http.media().reads() <= 2, http.media().reads() + " reads");
    }
  }

  @Test
  void connectionsOverTheLimitAreCutUntilThereIsRoom() throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < RunningHttp.CONNECTIONS; i++) {
        clients.add(new Client(http.port()));
        clients.get(i).requestAnnouncesClose();
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
                  assertEquals(false, next.requestAnnouncesClose());
                }
              });
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void idleConnectionIsClosedWithoutAReset() throws Exception {
    var idleSoon = new HttpSettings.Connections(10, 0, Duration.ofMillis(200), Duration.ZERO);
    RunningHttp impatient = new RunningHttp(idleSoon);
    try (Client client = new Client(impatient.port())) {
      assertEquals(false, client.requestAnnouncesClose());
      assertTrue(client.isAtTheEnd());
      // A client that sends before it has seen the end must find it, and no reset.
      client.ask("POST");
      client.ask("POST");
      assertTrue(client.isAtTheEnd());
    } finally {
      impatient.close();
    }
  }

  /** Whichever of the two is first, the client gets an answer or sees the end. */
  @Test
  void writesInTheMomentOfTheIdleTimeoutAreNotReset() throws Exception {
    int clients = 60;
    Duration idle = Duration.ofMillis(300);
    RunningHttp impatient =
        new RunningHttp(new HttpSettings.Connections(100, 0, idle, Duration.ZERO));
    List<Client> open = new ArrayList<>();
    try {
      long[] answered = new long[clients];
      for (int i = 0; i < clients; i++) {
        open.add(new Client(impatient.port()));
        open.get(i).requestAnnouncesClose();
        answered[i] = System.nanoTime();
      }
      int made = 0;
      for (int i = 0; i < clients; i++) {
        long aim = answered[i] + idle.toNanos() + (i - clients / 2) * 200_000L;
        LockSupport.parkNanos(aim - System.nanoTime());
        open.get(i).write();
      }
      for (Client client : open) {
        made += client.isAnswered("HTTP/1.1 201 Created") ? 1 : 0;
      }
      assertEquals(impatient.media().changes().size(), made);
    } finally {
      for (Client client : open) {
        client.close();
      }
      impatient.close();
    }
  }

  @Test
  void connectionsOfOneAddressAreLimited() throws Exception {
    RunningHttp strict =
        new RunningHttp(new HttpSettings.Connections(10, 2, Duration.ofMinutes(1), Duration.ZERO));
    try (Client first = new Client(strict.port())) {
      first.requestAnnouncesClose();
      try (Client second = new Client(strict.port());
          Client third = new Client(strict.port())) {
        second.requestAnnouncesClose();
        assertTrue(third.isCutOff());
      }
      assertEquals(1, strict.count("canvas.connections.cut", "reason", "address"));
      await()
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                try (Client next = new Client(strict.port())) {
                  assertEquals(false, next.requestAnnouncesClose());
                }
              });
    } finally {
      strict.close();
    }
  }

  /** One raw connection. */
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

    /** Requests a missing product, and returns whether the response announces the close. */
    boolean requestAnnouncesClose() throws IOException {
      ask("HEAD");
      return answerAnnouncesClose();
    }

    boolean answerAnnouncesClose() throws IOException {
      assertEquals("HTTP/1.1 404 Not Found", in.readLine());
      boolean announced = false;
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        announced |= line.equals("connection: close");
      }
      return announced;
    }

    void ask(String method) throws IOException {
      ask(method, 1);
    }

    void ask(String method, int times) throws IOException {
      String request = method + " /api/products/7/media HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.repeat(times).getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a write. */
    void write() throws IOException {
      String request =
          "POST /api/images HTTP/1.1\r\nHost: localhost\r\nContent-Length: 23\r\n"
              + "Content-Type: application/x-www-form-urlencoded\r\n\r\nshoe_id=7&img1=%2F1.jpg";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether there is an answer, with that status, and not the end of the connection. */
    boolean isAnswered(String status) throws IOException {
      String first = in.readLine();
      if (first != null) {
        assertEquals(status, first);
      }
      return first != null;
    }

    /** Reads a character. */
    int read() throws IOException {
      return in.read();
    }

    /** Returns how much can still be read before the connection ends in any way. */
    long rest() {
      long rest = 0;
      try {
        while (in.read() >= 0) {
          rest++;
        }
      } catch (IOException reset) {
        // A reset is an end too.
      }
      return rest;
    }

    /** Reads a number of characters; returns how many there were before the end. */
    long rest(long most) throws IOException {
      long read = 0;
      while (read < most && in.read() >= 0) {
        read++;
      }
      return read;
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
