package dev.canvas.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A browser's WebSocket to the event bus bridge, with or without the frames of SockJS around those
 * of the bridge. Received frames wait in a queue.
 */
public final class LiveSocket {

  /** The address of all changes. */
  public static final String CHANGED = "canvas.media.changed";

  /** The path of a socket without the frames of SockJS. */
  public static final String RAW = "/eventbus/websocket";

  private static final int TIMEOUT_SECONDS = 10;

  private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private final boolean framed;

  /** Referenced, because Vert.x closes an unreachable client and its sockets. */
  private final WebSocketClient client;

  private LiveSocket(WebSocketClient client, WebSocket socket, boolean framed) {
    this.client = client;
    this.socket = socket;
    this.framed = framed;
    socket.binaryMessageHandler(frame -> frames.add(frame.toJsonObject()));
    socket.textMessageHandler(this::unwrap);
  }

  /** SockJS puts texts into an array, behind an a; other frames have other letters. */
  private void unwrap(String text) {
    if (text.startsWith("a")) {
      new JsonArray(text.substring(1)).forEach(one -> frames.add(new JsonObject((String) one)));
    }
  }

  /**
   * Opens a socket. Fails if the service refuses it.
   *
   * @param origin the origin of the page that opens it, or null
   */
  public static Future<LiveSocket> open(Vertx vertx, int port, String origin) {
    return open(RAW, vertx, port, origin);
  }

  private static Future<LiveSocket> open(String path, Vertx vertx, int port, String origin) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
    if (origin != null) {
      options.addHeader("Origin", origin);
    }
    WebSocketClient client = vertx.createWebSocketClient();
    boolean framed = !path.equals(RAW);
    return client.connect(options).map(socket -> new LiveSocket(client, socket, framed));
  }

  /** Opens a socket at a path, and waits for it; SockJS has others than {@link #RAW}. */
  public static LiveSocket openAt(String path, Vertx vertx, int port) {
    return open(path, vertx, port, null).await();
  }

  /** Opens a socket and waits for it. */
  public static LiveSocket open(Vertx vertx, int port) {
    return open(vertx, port, null).await();
  }

  /** Subscribes to a product and waits for the state that the service sends then. */
  public JsonObject follow(long productId) throws InterruptedException {
    return send("register", CHANGED + "." + productId).nextFrame();
  }

  /** Sends a frame of the bridge's protocol. */
  public LiveSocket send(String type, String address) {
    String frame =
        new JsonObject().put("type", type).put("address", address).put("body", 1).encode();
    write(framed ? new JsonArray().add(frame).encode() : frame);
    return this;
  }

  /** Sends any text. */
  public void write(String text) {
    socket.writeTextMessage(text).await();
  }

  /** Sends bytes that need not be text. */
  public void write(byte[] bytes) {
    socket.writeBinaryMessage(Buffer.buffer(bytes)).await();
  }

  /** Waits for the next frame. */
  public JsonObject nextFrame() throws InterruptedException {
    JsonObject frame = frames.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame within " + TIMEOUT_SECONDS + " s");
    }
    return frame;
  }

  /** Whether no unread frame is waiting. */
  public boolean hasNoFrames() {
    return frames.isEmpty();
  }

  /** Stops reading. */
  public void pause() {
    socket.pause();
  }

  /** Continues reading. */
  public void resume() {
    socket.resume();
  }

  /** The status with which it was closed; null while it is open. */
  public Short closed() {
    return socket.isClosed() ? socket.closeStatusCode() : null;
  }

  /** Whether either side has closed it. */
  public boolean isClosed() {
    return socket.isClosed();
  }

  /** Closes it. */
  public void close() {
    socket.close().await();
    client.close().await();
  }
}
