package dev.canvas.http.bridge;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.renewal.FileWatch;
import dev.canvas.testing.BridgeClient;
import dev.canvas.testing.LogOf;
import dev.canvas.testing.NotUtf8;
import dev.canvas.testing.TestCertificates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The TCP bridge, with a fake media service behind a real event bus. */
class BridgeTest {

  @RegisterExtension static final RunningHttp http = new RunningHttp();
  @RegisterExtension static final RunningBridge bridge = new RunningBridge(http);

  private static final JsonObject ITEMS =
      new JsonObject("{\"product_id\":1,\"media\":[{\"type\":\"image\",\"url\":\"/1.jpg\"}]}");

  private static final AccessSettings KEYS =
      new AccessSettings.Keys(List.of(AccessSettings.Keys.hash("good")));

  @Test
  void readsAndWritesAreAnswered() {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      JsonObject written = client.request("canvas.media.put", ITEMS);
      assertEquals("message", written.getString("type"), written::encode);
      assertEquals("/1.jpg", url(written));
      JsonObject read = client.request("canvas.media.get", new JsonObject().put("product_id", 1));
      assertEquals(written.getJsonObject("body"), read.getJsonObject("body"));
      JsonObject missing =
          client.request("canvas.media.get", new JsonObject().put("product_id", 2));
      assertEquals("err", missing.getString("type"));
      assertEquals(404, missing.getInteger("failureCode"));
      assertEquals(404, new JsonObject(missing.getString("message")).getInteger("status"));
    }
  }

  @Test
  void writesNeedACredentialInEachMessage() {
    bridge.start(KEYS);
    try (BridgeClient client = bridge.connect()) {
      assertEquals(401, client.request("canvas.media.put", ITEMS).getInteger("failureCode"));
      for (String wrong : List.of("Bearer bad", "good", "Basic good", "")) {
        JsonObject headers = new JsonObject().put("authorization", wrong);
        JsonObject refused = client.request("canvas.media.put", ITEMS, headers);
        assertEquals(401, refused.getInteger("failureCode"), wrong);
      }
      JsonObject headers = new JsonObject().put("Authorization", "Bearer good");
      assertEquals("/1.jpg", url(client.request("canvas.media.put", ITEMS, headers)));
      assertEquals(
          401,
          client
              .request("canvas.media.delete", new JsonObject().put("product_id", 1))
              .getInteger("failureCode"));
      JsonObject read = client.request("canvas.media.get", new JsonObject().put("product_id", 1));
      assertEquals("/1.jpg", url(read));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canvas.data.get",
        "canvas.media.changed",
        "canvas.media.get.1",
        "__vertx.reply.1",
        "",
        "canvas.seed.start",
        "canvas.verticles"
      })
  void otherAddressesAndControlWithoutACredentialAreRefused(String address) {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      JsonObject refused = client.request(address, new JsonObject());
      assertEquals(403, refused.getInteger("failureCode"), refused::encode);
    }
  }

  @Test
  void aFileOfTheNodeCannotBeLoaded() {
    bridge.start(KEYS);
    try (BridgeClient client = bridge.connect()) {
      JsonObject refused =
          client.request(
              "canvas.seed.start",
              new JsonObject().put("file", "/etc/passwd"),
              new JsonObject().put("authorization", "Bearer good"));
      assertEquals(403, refused.getInteger("failureCode"), refused::encode);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{",
        "{\"type\":\"send\"}",
        "{\"type\":\"send\",\"address\":1}",
        "{\"type\":\"publish\",\"address\":\"canvas.media.get\"}",
        "{\"type\":\"register\",\"address\":\"canvas.media.get\"}",
        "{\"type\":\"register\",\"address\":\"canvas.media.changed.01\"}",
        "{\"type\":\"unregister\",\"address\":\"canvas.media.changed\"}",
        "{\"type\":7,\"address\":\"canvas.media.get\"}",
        "{\"type\":\"ping\"} {}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"send\",\"address\":\"canvas.media.get\",\"body\":{\"product_id\":1,\"product_id\":2}}",
        "{\"type\":\"send\",\"address\":\"canvas.media.get\",\"body\":[1e999]}",
        "{\"type\":\"send\",\"address\":\"canvas.media.get\",\"body\":99999999999999999999999}",
        "{\"type\":\"send\",\"address\":\"canvas.media.get\",\"headers\":1,\"body\":{\"product_id\":{}}}"
      })
  void aWrongFrameIsAnsweredAndTheNextOneWorks(String frame) {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      client.send(frame);
      assertEquals("err", client.next().getString("type"));
      client.send("{\"type\":\"ping\"}");
      assertEquals("pong", client.next().getString("type"));
    }
  }

  @Test
  void aFrameThatIsNotUtf8IsAnsweredAndNothingIsWritten() {
    bridge.start();
    String put =
        new JsonObject()
            .put("type", "send")
            .put("address", "canvas.media.put")
            .put("replyAddress", "r")
            .put("body", ITEMS)
            .encode();
    Random random = new Random(1);
    List<byte[]> frames = new ArrayList<>(NotUtf8.each(put, "1.jpg"));
    for (int n = 0; n < 2_000; n++) {
      frames.add(NotUtf8.random(put, random));
    }
    http.media().reset();
    try (BridgeClient client = bridge.connect()) {
      for (byte[] frame : frames) {
        client.sendContent(frame);
        JsonObject answer = client.next();
        assertEquals("invalid_json", answer.getString("message"), answer::encode);
        assertTrue(answer.getString("detail").contains("UTF-"), answer::encode);
      }
      JsonObject read = client.request("canvas.media.get", new JsonObject().put("product_id", 1));
      assertEquals(404, read.getInteger("failureCode"), read::encode);
    }
  }

  @Test
  void aFrameThatIsTooLongIsAnsweredAndEndsTheConnection() {
    bridge.start();
    for (byte[] length :
        new byte[][] {{0, 4, 16, 1}, {127, -1, -1, -1}, {-1, -1, -1, -1}, {0, 0, 0, 0}}) {
      try (BridgeClient client = bridge.connect()) {
        client.sendBytes(length);
        assertEquals("invalid_length", client.next().getString("message"));
        assertTrue(client.isClosed());
      }
    }
    assertEquals(4, bridge.cut("frame"));
  }

  @Test
  void aClientFollowsAProductAndAllProducts() {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      client.register("canvas.media.changed.7");
      JsonObject state = client.next();
      assertEquals("canvas.media.changed.7", state.getString("address"));
      assertEquals("delete", state.getJsonObject("body").getString("change"));
      bridge.publish(8, 20, false);
      bridge.publish(7, 21, false);
      assertEquals(21, client.next().getJsonObject("body").getLong("version"));

      client.register("canvas.media.changed");
      client.send("{\"type\":\"unregister\",\"address\":\"canvas.media.changed.7\"}");
      client.send("{\"type\":\"ping\"}");
      assertEquals("pong", client.next().getString("type"));
      bridge.publish(7, 22, false);
      bridge.publish(8, 23, true);
      for (long version : new long[] {22, 23}) {
        JsonObject change = client.next();
        assertEquals("canvas.media.changed", change.getString("address"));
        assertEquals(version, change.getJsonObject("body").getLong("version"));
      }
    }
  }

  @Test
  void manyRequestsAtOnceAreAllAnswered() {
    bridge.start();
    try (BridgeClient client = bridge.connect()) {
      JsonArray ids = new JsonArray().add(1).add(2);
      JsonObject frame =
          new JsonObject()
              .put("type", "send")
              .put("address", "canvas.media.batch")
              .put("body", new JsonObject().put("product_ids", ids));
      for (int n = 0; n < 300; n++) {
        client.send(frame.put("replyAddress", "r" + n));
      }
      for (int n = 0; n < 300; n++) {
        assertEquals(ids, client.next().getJsonObject("body").getJsonArray("missing"));
      }
    }
  }

  @Test
  void connectionsOverTheLimitAreClosed() {
    bridge.start();
    try (BridgeClient one = bridge.connect();
        BridgeClient two = bridge.connect()) {
      for (BridgeClient client : List.of(one, two)) {
        client.send("{\"type\":\"ping\"}");
        client.next();
      }
      try (BridgeClient third = bridge.connect()) {
        assertTrue(third.isClosed());
      }
    }
  }

  @Test
  void connectionsCanBeEncrypted(@TempDir Path directory) throws Exception {
    TestCertificates authority = new TestCertificates(directory);
    TestCertificates.Issued server = authority.issue("localhost", "dns:localhost");
    bridge.start(
        new AccessSettings.Open(), server.certificate().toString(), server.key().toString());
    SSLContext trust = TestCertificates.trusting(authority.ca());
    try (SSLSocket socket =
            (SSLSocket) trust.getSocketFactory().createSocket("localhost", bridge.port());
        BridgeClient client = new BridgeClient(socket)) {
      assertEquals(
          404,
          client
              .request("canvas.media.get", new JsonObject().put("product_id", 1))
              .getInteger("failureCode"));
    }
  }

  @Test
  void aRenewedCertificateIsForTheConnectionsThatFollow(@TempDir Path directory) throws Exception {
    TestCertificates authority = new TestCertificates(directory.resolve("authority"));
    TestCertificates.Issued first = authority.issue("first", "dns:localhost");
    TestCertificates.Issued second = authority.issue("second", "dns:localhost");
    Path certificate = Files.copy(first.certificate(), directory.resolve("bridge.pem"));
    Path key = Files.copy(first.key(), directory.resolve("bridge.key"));
    bridge.start(new AccessSettings.Open(), certificate.toString(), key.toString());
    SSLContext trust = TestCertificates.trusting(authority.ca());
    try (LogOf log = new LogOf(FileWatch.class);
        SSLSocket socket =
            (SSLSocket) trust.getSocketFactory().createSocket("localhost", bridge.port());
        BridgeClient client = new BridgeClient(socket)) {
      client.send("{\"type\":\"ping\"}");
      client.next();
      Files.move(second.certificate(), certificate, ATOMIC_MOVE);
      await().until(() -> log.has("bridge.tcp.key is not the private key of"));
      assertEquals("CN=first", presented(trust));
      Files.move(second.key(), key, ATOMIC_MOVE);
      // One connection more is refused until the last one has ended.
      await().ignoreExceptions().until(() -> presented(trust).equals("CN=second"));
      client.send("{\"type\":\"ping\"}");
      assertEquals("pong", client.next().getString("type"));
    }
  }

  /** The name in the certificate that a new client sees. */
  private static String presented(SSLContext trust) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", bridge.port())) {
      return socket.getSession().getPeerPrincipal().getName();
    }
  }

  private static String url(JsonObject answer) {
    return answer.getJsonObject("body").getJsonArray("media").getJsonObject(0).getString("url");
  }
}
