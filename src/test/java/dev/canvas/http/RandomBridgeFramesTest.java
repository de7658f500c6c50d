package dev.canvas.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.http.bridge.RunningBridge;
import dev.canvas.testing.BridgeClient;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random bytes over TCP: each frame has its answer, what is no frame ends its connection, and
 * whoever comes next is served. {@code -Dcanvas.contract.seed=…} sends others.
 */
class RandomBridgeFramesTest {

  private static final int FRAMES = 2_000;
  private static final int CONNECTIONS = 50;
  private static final long SEED = Long.getLong("canvas.contract.seed", 1);

  private static final JsonObject PING = new JsonObject().put("type", "ping");

  @RegisterExtension static final RunningHttp http = new RunningHttp();
  @RegisterExtension static final RunningBridge bridge = new RunningBridge(http);

  private final Random random = new Random(SEED);

  @Test
  void everyFrameIsAnsweredAndSoIsTheNextOne() {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      for (int i = 0; i < FRAMES; i++) {
        RandomFrame frame = RandomFrame.any(random);
        if (frame.bytes().length == 0) {
          continue; // A length of 0 ends the connection.
        }
        client.sendContent(frame.bytes());
        client.send(PING);
        awaitAnswers(client, frame, "seed " + SEED + ", frame " + i + ": " + frame);
      }
    }
  }

  @Test
  void whatIsNoFrameEndsItsConnectionAlone() {
    bridge.start();
    try (BridgeClient other = bridge.connect()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        byte[] bytes = new byte[4 + random.nextInt(300)];
        random.nextBytes(bytes);
        bytes[0] |= 1; // The length of a frame begins with a zero.
        try (BridgeClient client = bridge.connect()) {
          client.sendBytes(bytes);
          assertEquals("invalid_length", client.next().getString("message"));
          assertTrue(client.isClosed());
        }
        other.send(PING);
        assertTrue(isPong(other.next()));
      }
    }
  }

  /** Reads until a frame and the ping after it have their answers, in whichever order. */
  private static void awaitAnswers(BridgeClient client, RandomFrame frame, String description) {
    List<Predicate<JsonObject>> awaited = new ArrayList<>(answers(frame));
    awaited.add(RandomBridgeFramesTest::isPong);
    try {
      while (!awaited.isEmpty()) {
        JsonObject answer = client.next();
        assertTrue(answer.getInteger("failureCode", 0) < 500, () -> description + "\n" + answer);
        awaited.stream().filter(one -> one.test(answer)).findFirst().ifPresent(awaited::remove);
      }
    } catch (UncheckedIOException silent) {
      throw new AssertionError(description, silent);
    }
  }

  /** The answers that a frame must have; those that it may have are not among them. */
  private static List<Predicate<JsonObject>> answers(RandomFrame frame) {
    String type = frame.type();
    String address = frame.address();
    if ("ping".equals(type)) {
      return List.of(RandomBridgeFramesTest::isPong);
    }
    if ("send".equals(type) && address != null) {
      String reply = frame.replyAddress();
      return reply == null
          ? List.of()
          : List.of(answer -> reply.equals(answer.getString("address")));
    }
    boolean follows =
        ("register".equals(type) || "unregister".equals(type))
            && (frame.isOfAProduct() || Addresses.MEDIA_CHANGED.equals(address));
    return follows ? List.of() : List.of(RandomBridgeFramesTest::isError);
  }

  private static boolean isPong(JsonObject answer) {
    return "pong".equals(answer.getString("type"));
  }

  /** Whether it tells what is wrong with a frame. */
  private static boolean isError(JsonObject answer) {
    return "err".equals(answer.getString("type")) && !answer.getString("detail", "").isBlank();
  }
}
