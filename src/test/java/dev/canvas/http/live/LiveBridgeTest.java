package dev.canvas.http.live;

import static dev.canvas.http.Media.picture;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import dev.canvas.http.page.PageAssertions;
import dev.canvas.media.Problem;
import dev.canvas.testing.LiveSocket;
import dev.canvas.testing.NotUtf8;
import dev.canvas.testing.SingleNodeClusterManager;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LiveBridgeTest {

  private RunningHttp server;

  @BeforeEach
  void start() {
    server = new RunningHttp();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void browserGetsTheStateAndThenEachChange() throws Exception {
    server.media().put(42, picture(1, "/p"));
    LiveSocket socket = open();
    JsonObject first = socket.follow(42);
    assertEquals("rec", first.getString("type"));
    assertEquals(LiveSocket.CHANGED + ".42", first.getString("address"));
    assertEquals(change(42, 1, "put"), first.getJsonObject("body"));
    publish(41, change(41, 9, "put"));
    publish(42, change(42, 2, "put"));
    assertEquals(change(42, 2, "put"), socket.nextFrame().getJsonObject("body"));
    assertEquals(1, server.count("canvas.live.told"));
  }

  @Test
  void productWithoutMediaIsReportedAsDeleted() throws Exception {
    assertEquals(change(7, 0, "delete"), open().follow(7).getJsonObject("body"));
  }

  @Test
  void unavailableStoreDoesNotPreventFollowing() throws Exception {
    server.media().failWith(Problem.UNAVAILABLE);
    LiveSocket socket = open().send("register", LiveSocket.CHANGED + ".1");
    await()
        .until(
            () -> {
              publish(1, change(1, 5, "put"));
              return !socket.hasNoFrames();
            });
    assertEquals(change(1, 5, "put"), socket.nextFrame().getJsonObject("body"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"send", "publish"})
  void sendAndPublishAreRejected(String command) throws Exception {
    AtomicInteger received = new AtomicInteger();
    for (String address : List.of("canvas.media.put", LiveSocket.CHANGED + ".1")) {
      server.vertx().eventBus().consumer(address, message -> received.incrementAndGet());
      assertEquals("rejected", open().send(command, address).nextFrame().getString("body"));
    }
    assertEquals(0, received.get());
    assertEquals(2, server.count("canvas.live.refused", "reason", "command"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canvas.media.changed",
        "canvas.media.changed.",
        "canvas.media.changed.01",
        "canvas.media.changed.-1",
        "canvas.media.changed.1x",
        "canvasXmedia.changed.1",
        "canvas.media.changed.12345678901234567",
        "canvas.seed.progress",
        "canvas.data.get"
      })
  void otherAddressesAreRefused(String address) throws Exception {
    LiveSocket socket = open().send("register", address);
    JsonObject answer = socket.nextFrame();
    assertEquals("err", answer.getString("type"), answer::encode);
    server.vertx().eventBus().publish(address, new JsonObject());
    socket.follow(1);
    assertTrue(socket.hasNoFrames());
  }

  @Test
  void socketFollowsAtMostAHundredProducts() throws Exception {
    LiveSocket socket = open();
    for (int id = 0; id < LiveListener.MAX_PRODUCTS; id++) {
      assertEquals("rec", socket.follow(id).getString("type"));
    }
    assertEquals("max_handlers_reached", socket.follow(100).getString("body"));
  }

  @Test
  void invalidFramesAreAnsweredWithAnError() throws Exception {
    LiveSocket socket = open();
    for (String frame : List.of("", "{", "[]", "null", "1", "\"ping\"")) {
      assertEquals("invalid_json", refused(socket, frame));
    }
    assertEquals("missing_type", refused(socket, "{}"));
    assertEquals("missing_type", refused(socket, "{\"type\":null}"));
    assertEquals("invalid_type", refused(socket, "{\"type\":1}"));
    assertEquals("invalid_type", refused(socket, "{\"type\":{\"a\":[]}}"));
    assertEquals("missing_address", refused(socket, "{\"type\":\"register\"}"));
    assertEquals("access_denied", refused(socket, "{\"type\":\"register\",\"address\":[1]}"));
    assertEquals("rec", socket.follow(1).getString("type"));
    assertTrue(socket.hasNoFrames());
  }

  @Test
  void framesThatAreNotUtf8OrNameAMemberTwiceAreAnsweredWithAnError() throws Exception {
    LiveSocket socket = open();
    String frame = "{\"type\":\"register\",\"address\":\"canvas.media.changed.1\"}";
    for (byte[] bytes : NotUtf8.each(frame, "canvas")) {
      socket.write(bytes);
      JsonObject answer = socket.nextFrame();
      assertEquals("invalid_json", answer.getString("body"), answer::encode);
      assertTrue(answer.getString("message").contains("UTF-8"), answer::encode);
    }
    assertEquals("invalid_json", refused(socket, frame.replace("}", ",\"type\":\"ping\"}")));
  }

  @Test
  void productRegisteredTwiceIsReportedOnce() throws Exception {
    LiveSocket socket = open();
    socket.follow(1);
    assertEquals("address_already_registered", socket.follow(1).getString("body"));
    publish(1, change(1, 2, "put"));
    assertEquals(change(1, 2, "put"), socket.nextFrame().getJsonObject("body"));
    socket.follow(2);
    assertTrue(socket.hasNoFrames());
  }

  @Test
  void unregisteredProductIsNotReported() throws Exception {
    LiveSocket socket = open();
    socket.follow(1);
    socket.send("unregister", LiveSocket.CHANGED + ".1").follow(2);
    publish(1, change(1, 2, "put"));
    publish(2, change(2, 2, "put"));
    assertEquals(change(2, 2, "put"), socket.nextFrame().getJsonObject("body"));
    assertEquals("rec", socket.follow(1).getString("type"), "It may be followed again");
  }

  @Test
  void subscriptionsOfBrowsersStayLocal() throws Exception {
    server.close();
    SingleNodeClusterManager cluster = new SingleNodeClusterManager();
    server = new RunningHttp(Vertx.builder().withClusterManager(cluster).buildClustered().await());
    LiveSocket socket = open();
    socket.follow(42);
    assertTrue(cluster.local().contains(LiveSocket.CHANGED + ".42"), cluster.local()::toString);
    assertTrue(
        cluster.announced().stream().noneMatch(address -> address.startsWith(LiveSocket.CHANGED)),
        cluster.announced()::toString);
    server
        .vertx()
        .eventBus()
        .publish(
            LiveSocket.CHANGED + ".42",
            change(42, 2, "put"),
            new DeliveryOptions().setLocalOnly(true));
    assertEquals(change(42, 2, "put"), socket.nextFrame().getJsonObject("body"));
    socket.close();
    await().until(() -> !cluster.local().contains(LiveSocket.CHANGED + ".42"));
  }

  @Test
  void longMessageClosesTheSocket() {
    LiveSocket socket = open();
    socket.write(" ".repeat(LiveBridge.MAX_MESSAGE + 1));
    await().until(socket::isClosed);
  }

  @Test
  void clientThatDoesNotReadIsDisconnected() throws Exception {
    LiveSocket socket = open();
    socket.follow(1);
    socket.pause();
    JsonObject large = change(1, 2, "put").put("padding", " ".repeat(50_000));
    await()
        .until(
            () -> {
              IntStream.range(0, 20).forEach(n -> publish(1, large));
              return server.count("canvas.live.refused", "reason", "slow") > 0;
            });
    await().until(() -> server.count("canvas.live.closed") == 1);
    socket.resume();
    await().until(socket::isClosed);
  }

  @Test
  void socketsOverTheLimitAreRefused() {
    List<LiveSocket> sockets =
        IntStream.range(0, RunningHttp.LIVE_SOCKETS).mapToObj(n -> open()).toList();
    assertRefused(503, null);
    sockets.get(0).close();
    await().until(() -> server.count("canvas.live.closed") == 1);
    assertEquals(RunningHttp.LIVE_SOCKETS, server.count("canvas.live.opened"));
    open();
  }

  @Test
  void onlyPagesThatMayReadMayFollow() {
    server.close();
    server = new RunningHttp("https://shop.example");
    assertRefused(403, "https://evil.example");
    assertRefused(403, "null");
    for (String origin : List.of("https://shop.example", "http://127.0.0.1:" + server.port())) {
      LiveSocket.open(server.vertx(), server.port(), origin).await();
    }
    assertEquals(2, server.count("canvas.live.refused", "reason", "origin"));
  }

  /** Apps have origins that are no URLs with a host, and strangers send anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {"capacitor://localhost", "https://my_shop.example", "file://", "https://[::1"})
  void whereAllMayReadEveryOriginMayFollow(String origin) throws Exception {
    LiveSocket socket = LiveSocket.open(server.vertx(), server.port(), origin).await();
    assertEquals(0L, socket.follow(7).getJsonObject("body").getLong("version"));
    socket.close();
  }

  @Test
  void stoppingVerticleClosesItsSockets() {
    LiveSocket socket = open();
    server.undeploy().await();
    await().until(socket::isClosed);
    assertEquals((short) 1_001, socket.closed());
  }

  @Test
  void sockJsInfoOffersWebSockets() throws Exception {
    HttpResponse<String> info = server.get("/eventbus/info", "Origin", "https://shop.example");
    assertTrue(new JsonObject(info.body()).getBoolean("websocket"), info.body());
    // The SockJS client of a browser asks with credentials, which rule out an asterisk.
    assertEquals(
        "https://shop.example", PageAssertions.header(info, "access-control-allow-origin"));
    assertEquals("true", PageAssertions.header(info, "access-control-allow-credentials"));
    assertEquals("origin", PageAssertions.header(info, "vary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/eventbus/",
        "/eventbus/iframe.html",
        "/eventbus/0/0/xhr",
        "/eventbus/0/0/jsonp?c=x"
      })
  void otherTransportsOfSockJsAreDisabled(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertEquals(404, answer.statusCode());
    assertEquals("application/problem+json", PageAssertions.header(answer, "content-type"));
  }

  /** The code of an error frame; each also has a message that says what was expected. */
  private static String refused(LiveSocket socket, String frame) throws InterruptedException {
    socket.write(frame);
    JsonObject answer = socket.nextFrame();
    assertEquals("err", answer.getString("type"), frame);
    assertTrue(answer.getString("message").contains("xpected"), answer::encode);
    return answer.getString("body");
  }

  private LiveSocket open() {
    return LiveSocket.open(server.vertx(), server.port());
  }

  private void assertRefused(int status, String origin) {
    var opening = LiveSocket.open(server.vertx(), server.port(), origin);
    assertEquals(status, assertThrows(UpgradeRejectedException.class, opening::await).getStatus());
  }

  private void publish(long productId, JsonObject change) {
    server.vertx().eventBus().publish(LiveSocket.CHANGED + "." + productId, change);
  }

  private static JsonObject change(long productId, long version, String kind) {
    return new JsonObject()
        .put("product_id", (int) productId)
        .put("version", (int) version)
        .put("change", kind);
  }
}
