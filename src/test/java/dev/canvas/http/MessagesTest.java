package dev.canvas.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.bus.ChangeEvents;
import dev.canvas.client.Addresses;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.bridge.BridgeSettings;
import dev.canvas.http.bridge.BridgeVerticle;
import dev.canvas.testing.BridgeClient;
import dev.canvas.testing.FreePorts;
import dev.canvas.testing.LiveSocket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sends the examples of {@code asyncapi.json} over the event bus, the bridge and a live socket, and
 * checks that each gets an answer that the document has. {@code BusIT} does so with what operators
 * send.
 */
class MessagesTest {

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  private static int port;

  @BeforeAll
  static void openTheBridge() throws Exception {
    port = FreePorts.one();
    BridgeSettings settings = new BridgeSettings("127.0.0.1", port, 9, 1_000_000, "", "");
    http.vertx()
        .deployVerticle(
            new BridgeVerticle(settings, AccessSettings.Open::new, new SimpleMeterRegistry()))
        .await(30, TimeUnit.SECONDS);
    new ChangeEvents(http.vertx()).fanOut().await(30, TimeUnit.SECONDS);
  }

  @Test
  void theDocumentIsServed() throws Exception {
    assertEquals("3.0.0", new JsonObject(http.get("/asyncapi.json").body()).getString("asyncapi"));
  }

  @Test
  void theDocumentHasTheAddressesOfTheCode() throws Exception {
    Set<String> documented = new TreeSet<>();
    for (DocumentedMessages operation : DocumentedMessages.ALL) {
      if (operation.address() != null && operation.address().matches("canvas\\.[a-z.]+")) {
        documented.add(operation.address());
      }
    }
    Set<String> known = new TreeSet<>();
    for (Field field : Addresses.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        known.add((String) field.get(null));
      }
    }
    assertEquals(known, documented);
  }

  @Test
  void eachExampleOfARequestForMediaIsAnsweredOnTheBusAndOverTheBridge() throws Exception {
    try (BridgeClient client = new BridgeClient(port)) {
      for (DocumentedMessages operation : requests()) {
        assertFalse(operation.examples().isEmpty(), operation.name());
        for (JsonObject example : operation.examples()) {
          String description = operation.address() + " " + example;
          reset();
          JsonObject answer =
              http.vertx()
                  .eventBus()
                  .<JsonObject>request(operation.address(), example)
                  .map(Message::body)
                  .await(30, TimeUnit.SECONDS);
          assertTrue(operation.permits(answer), description + " -> " + answer);
          reset();
          JsonObject frame = client.request(operation.address(), example);
          assertEquals(answer, frame.getJsonObject("body"), description);
          assertTrue(frames("bridgeFrames").permits(frame), frame::encode);
        }
      }
    }
  }

  @Test
  void eachExampleOfAFailureFailsSo() {
    try (BridgeClient client = new BridgeClient(port)) {
      for (DocumentedMessages operation : requests()) {
        operation
            .failures()
            .forEach(
                (status, failure) -> {
                  JsonObject example = failure.getJsonObject("example");
                  if (example != null) {
                    assertFails(client, operation.address(), example, status);
                  }
                });
      }
    }
  }

  private static void assertFails(
      BridgeClient client, String address, JsonObject example, int status) {
    String description = address + " " + example;
    reset();
    ReplyException refused =
        assertThrows(
            ReplyException.class,
            () -> http.vertx().eventBus().request(address, example).await(30, TimeUnit.SECONDS),
            description);
    assertEquals(status, refused.failureCode(), description);
    JsonObject frame = client.request(address, example);
    assertEquals(status, frame.getInteger("failureCode"), description);
    assertTrue(frames("bridgeFrames").permits(frame), frame::encode);
  }

  @Test
  void eachExampleOfAFrameIsAnsweredByADocumentedFrame() throws Exception {
    LiveSocket live = LiveSocket.open(http.vertx(), http.port());
    try (BridgeClient client = new BridgeClient(port)) {
      for (JsonObject example : frames("bridgeFrames").examples()) {
        client.send(example);
        if (!example.getString("type").equals("unregister")) {
          JsonObject answer = client.next();
          assertTrue(frames("bridgeFrames").permits(answer), answer::encode);
        }
      }
      for (String wrong : List.of("{}", "{", "{\"type\":\"turn\",\"address\":\"a\"}")) {
        client.send(wrong);
        JsonObject refused = client.next();
        assertTrue(frames("bridgeFrames").permits(refused), refused::encode);
        live.write(wrong);
        JsonObject rejected = live.nextFrame();
        assertTrue(frames("liveFrames").permits(rejected), rejected::encode);
      }
    }
    for (JsonObject example : frames("liveFrames").examples()) {
      live.write(example.encode());
      if (example.getString("type").equals("register")) {
        JsonObject change = live.nextFrame();
        assertTrue(frames("liveFrames").permits(change), change::encode);
      }
    }
    live.close();
  }

  private static List<DocumentedMessages> requests() {
    return DocumentedMessages.ALL.stream()
        .filter(DocumentedMessages::answered)
        .filter(operation -> operation.address() != null)
        .filter(operation -> operation.address().startsWith("canvas.media."))
        .toList();
  }

  private static DocumentedMessages frames(String name) {
    return DocumentedMessages.ALL.stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void reset() {
    http.media().reset();
    http.media().put(42, Media.picture(1, "/1"), Media.picture(2, "/2"), Media.picture(3, "/3"));
  }
}
