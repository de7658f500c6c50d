package dev.canvas.http.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.bus.ChangeEvents;
import dev.canvas.http.RunningHttp;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.media.ProductId;
import dev.canvas.testing.BridgeClient;
import dev.canvas.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the bridge does with clients that send too fast, send nothing, or do not read. */
class BridgeLimitsTest {

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  private static final Duration LONG = Duration.ofMinutes(5);

  private static final String PING = "{\"type\":\"ping\"}";

  /** More changes than the bridge and the buffers of the system hold for a client. */
  private static final int TOO_MANY = 500_000;

  private static ChangeEvents events;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private String deployment;
  private int port;

  @BeforeAll
  static void fanOut() throws Exception {
    events = new ChangeEvents(http.vertx());
    events.fanOut().await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void undeploy() throws Exception {
    http.vertx().undeploy(deployment).await(30, TimeUnit.SECONDS);
  }

  @Test
  void whatComesFasterThanTheRateWaitsAndIsAnswered() {
    start(5, LONG);
    long startNanos = System.nanoTime();
    try (BridgeClient client = new BridgeClient(port)) {
      for (int n = 0; n < 11; n++) {
        client.send(PING);
      }
      for (int n = 0; n < 11; n++) {
        assertEquals("pong", client.next().getString("type"));
      }
    }
    // Five in the first second, five in the next, and one.
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    assertTrue(millis >= 1_990, millis + " ms");
  }

  @Test
  void aClientThatSendsNoCompleteFrameIsDisconnected() {
    start(1_000_000, Duration.ofSeconds(3));
    try (BridgeClient silent = new BridgeClient(port);
        BridgeClient halting = new BridgeClient(port);
        BridgeClient alive = new BridgeClient(port)) {
      halting.sendBytes(new byte[] {0, 0, 0, 15, '{'});
      while (cut("idle") < 2) {
        alive.send(PING);
        assertEquals("pong", alive.next().getString("type"));
      }
      assertTrue(silent.isClosed());
      assertTrue(halting.isClosed());
      assertEquals(2, cut("idle"));
    }
  }

  @Test
  void aClientThatDoesNotReadIsDisconnectedBeforeMuchWaitsForIt() throws Exception {
    start(1_000_000, LONG);
    try (Socket socket = new Socket();
        BridgeClient other = new BridgeClient(port)) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      BridgeClient slow = new BridgeClient(socket);
      slow.register("canvas.media.changed");
      slow.send(PING);
      assertEquals("pong", slow.next().getString("type"));
      long version = 0;
      while (cut("slow") == 0) {
        assertTrue(version < TOO_MANY, "all of " + version + " changes wait for a client");
        for (int n = 0; n < 1_000; n++) {
          events.publish(new ProductId(1), ++version, false);
        }
        // The bridge has sent what was published before.
        other.send(PING);
        assertEquals("pong", other.next().getString("type"));
      }
      // The client has not read a byte more.
      await().until(() -> registry.counter("canvas.bridge.closed").count() == 1);
      assertEquals(1, cut("slow"));
    }
  }

  private void start(int rate, Duration idleTimeout) {
    port = FreePorts.one();
    BridgeSettings settings =
        new BridgeSettings("127.0.0.1", port, 9, rate, "", "", new AccessSettings.Open());
    deployment =
        http.vertx().deployVerticle(new BridgeVerticle(settings, registry, idleTimeout)).await();
  }

  private double cut(String reason) {
    return registry.counter("canvas.bridge.cut", "reason", reason).count();
  }
}
