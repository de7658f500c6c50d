package dev.canvas.testing;

import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of the TCP bridge, as another language would write it. Not thread-safe. */
public final class BridgeClient implements AutoCloseable {

  private static final int TIMEOUT_MS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private long requests;

  /** Connects to a port of this machine. */
  public BridgeClient(int port) {
    this(connected(port));
  }

  /** Uses a socket that is connected. */
  public BridgeClient(Socket socket) {
    try {
      this.socket = socket;
      socket.setSoTimeout(TIMEOUT_MS);
      this.in = new DataInputStream(socket.getInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Socket connected(int port) {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Sends a request without a credential, and waits for its answer. */
  public JsonObject request(String address, Object body) {
    return request(address, body, new JsonObject());
  }

  /** Sends a request, and waits for its answer; events before it are lost. */
  public JsonObject request(String address, Object body, JsonObject headers) {
    String replyAddress = "reply-" + ++requests;
    send(
        new JsonObject()
            .put("type", "send")
            .put("address", address)
            .put("replyAddress", replyAddress)
            .put("headers", headers)
            .put("body", body));
    JsonObject answer = next();
    while (!replyAddress.equals(answer.getString("address"))) {
      answer = next();
    }
    return answer;
  }

  /** Registers an address. */
  public void register(String address) {
    send(new JsonObject().put("type", "register").put("address", address));
  }

  /** Sends a frame. */
  public void send(JsonObject frame) {
    send(frame.encode());
  }

  /** Sends a frame with any content. */
  public void send(String content) {
    sendContent(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a frame with content that need not be text. */
  public void sendContent(byte[] bytes) {
    sendBytes(ByteBuffer.allocate(bytes.length + 4).putInt(bytes.length).put(bytes).array());
  }

  /** Sends bytes that need not be a frame. */
  public void sendBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits for the next frame. */
  public JsonObject next() {
    try {
      return new JsonObject(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until the bridge closes the connection. */
  public boolean isClosed() {
    try {
      return in.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
