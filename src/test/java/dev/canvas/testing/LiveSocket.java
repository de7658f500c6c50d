package dev.canvas.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A browser's socket to the bridge of changes. Its frames wait until they are asked for. */
public final class LiveSocket {

  /** The address of all changes. */
  public static final String CHANGED = "canvas.media.changed";

  private static final int PATIENCE = 10;

  private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  /** Kept, as Vert.x closes a client, and its sockets, that nobody refers to. */
  private final WebSocketClient client;

  private LiveSocket(WebSocketClient client, WebSocket socket) {
    this.client = client;
    this.socket = socket;
    socket.binaryMessageHandler(frame -> frames.add(frame.toJsonObject()));
  }

  /**
   * Opens a socket, or fails where the service refuses it.
   *
   * @param origin of the page that opens it, or null
   */
  public static Future<LiveSocket> open(Vertx vertx, int port, String origin) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/eventbus/websocket");
    if (origin != null) {
      options.addHeader("Origin", origin);
    }
    WebSocketClient client = vertx.createWebSocketClient();
    return client.connect(options).map(socket -> new LiveSocket(client, socket));
  }

  /** A socket that is open. */
  public static LiveSocket open(Vertx vertx, int port) {
    return open(vertx, port, null).await();
  }

  /** Begins to follow a product, and waits for the state that is told then. */
  public JsonObject follow(long productId) throws InterruptedException {
    return send("register", CHANGED + "." + productId).heard();
  }

  /** Sends a frame. */
  public LiveSocket send(String type, String address) {
    write(new JsonObject().put("type", type).put("address", address).put("body", 1).encode());
    return this;
  }

  /** Sends whatever it is. */
  public void write(String text) {
    socket.writeTextMessage(text).await();
  }

  /** The next frame. */
  public JsonObject heard() throws InterruptedException {
    JsonObject frame = frames.poll(PATIENCE, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("Nothing was heard for " + PATIENCE + " s");
    }
    return frame;
  }

  /** Whether all that was heard was asked for. */
  public boolean isQuiet() {
    return frames.isEmpty();
  }

  /** Reads no more. */
  public void pause() {
    socket.pause();
  }

  /** Reads on. */
  public void resume() {
    socket.resume();
  }

  /** Why it was closed, or null as long as it is open. */
  public Short closed() {
    return socket.isClosed() ? socket.closeStatusCode() : null;
  }

  /** Whether it was closed, by whomever. */
  public boolean isClosed() {
    return socket.isClosed();
  }

  /** Closes it. */
  public void close() {
    socket.close().await();
    client.close().await();
  }
}
