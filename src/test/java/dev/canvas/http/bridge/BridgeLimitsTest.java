package dev.canvas.http.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.testing.BridgeClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the bridge does with clients that send too fast, send nothing, or do not read. */
class BridgeLimitsTest {

  @RegisterExtension static final RunningHttp http = new RunningHttp();
  @RegisterExtension static final RunningBridge bridge = new RunningBridge(http);

  private static final String PING = "{\"type\":\"ping\"}";

  /** More changes than the bridge and the buffers of the system hold for a client. */
  private static final int TOO_MANY = 500_000;

  @Test
  void whatComesFasterThanTheRateWaitsAndIsAnswered() {
    bridge.startWithRate(5);
    long startNanos = System.nanoTime();
    try (BridgeClient client = bridge.connect()) {
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
    bridge.startWithIdleTimeout(Duration.ofSeconds(3));
    try (BridgeClient silent = bridge.connect();
        BridgeClient halting = bridge.connect();
        BridgeClient alive = bridge.connect()) {
      halting.sendBytes(new byte[] {0, 0, 0, 15, '{'});
      while (bridge.cut("idle") < 2) {
        alive.send(PING);
        assertEquals("pong", alive.next().getString("type"));
      }
      assertTrue(silent.isClosed());
      assertTrue(halting.isClosed());
      assertEquals(2, bridge.cut("idle"));
    }
  }

  @Test
  void aClientThatDoesNotReadIsDisconnectedBeforeMuchWaitsForIt() throws Exception {
    bridge.start();
    try (Socket socket = new Socket();
        BridgeClient other = bridge.connect()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bridge.port()));
      BridgeClient slow = new BridgeClient(socket);
      slow.register("canvas.media.changed");
      slow.send(PING);
      assertEquals("pong", slow.next().getString("type"));
      long version = 0;
      while (bridge.cut("slow") == 0) {
        assertTrue(version < TOO_MANY, "all of " + version + " changes wait for a client");
        for (int n = 0; n < 1_000; n++) {
          bridge.publish(1, ++version, false);
        }
        // The bridge has sent what was published before.
        other.send(PING);
        assertEquals("pong", other.next().getString("type"));
      }
      // The client has not read a byte more.
      await().until(() -> bridge.closed() == 1);
      assertEquals(1, bridge.cut("slow"));
    }
  }
}
