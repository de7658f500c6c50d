package dev.canvas.http.bridge;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Map;
import java.util.Optional;

/**
 * A connection to the bridge. Reads a frame at a time: its length, then its JSON. Stops reading
 * while too many requests wait for their answers, while the client does not read, and when it sends
 * faster than it may. Every frame has an answer or takes effect; one that is wrong is answered with
 * an error. Not thread-safe: confined to one event loop.
 */
final class BridgeSocket {

  /** The largest frame: the largest body over HTTP, and what surrounds it. */
  static final int MAX_FRAME = 260 * 1_024;

  /** How many requests of a connection may wait for their answers. */
  private static final int MAX_REQUESTS = 16;

  /** How much may wait for the client to read it before it counts as slow. */
  private static final int MAX_UNREAD = 1_024 * 1_024;

  /** How long a client may take to read its last answers when the bridge stops. */
  private static final long LAST_READ_MS = 1_000;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Vertx vertx;
  private final NetSocket socket;
  private final Map<String, Addressee> addressees;
  private final BridgeAccess access;
  private final BridgeSubscriptions subscriptions;
  private final BridgeMetrics metrics;
  private final int rate;
  private final RecordParser frames;
  private final Promise<Void> drained = Promise.promise();
  private boolean expectsLength = true;
  private boolean draining;
  private boolean cut;
  private boolean paused;
  private boolean resting;
  private int requests;
  private int handled;
  private long secondNanos = System.nanoTime();
  private long lastFrameNanos = System.nanoTime();

  /**
   * @param addressees by address
   * @param subscriptions of this connection
   * @param rate the most frames in a second
   */
  BridgeSocket(
      Vertx vertx,
      NetSocket socket,
      Map<String, Addressee> addressees,
      BridgeAccess access,
      BridgeSubscriptions subscriptions,
      BridgeMetrics metrics,
      int rate) {
    this.vertx = vertx;
    this.socket = socket;
    this.addressees = addressees;
    this.access = access;
    this.subscriptions = subscriptions;
    this.metrics = metrics;
    this.rate = rate;
    this.frames = RecordParser.newFixed(Integer.BYTES, socket);
  }

  /** Begins to read. */
  void open() {
    socket.setWriteQueueMaxSize(MAX_UNREAD);
    socket.drainHandler(read -> pauseOrResume());
    frames.handler(this::received);
  }

  /** The time since the last frame, in nanoseconds. */
  long idleNanos() {
    return System.nanoTime() - lastFrameNanos;
  }

  /** Reads no more, answers what has been asked, and closes. */
  Future<Void> drain() {
    draining = true;
    pauseOrResume();
    closeIfDrained();
    return drained.future();
  }

  /** Closes at once, whether or not the client has read what it was sent. */
  void cut(BridgeMetrics.Cut reason) {
    if (!cut) {
      cut = true;
      metrics.cut(reason);
      subscriptions.cancelAll();
      abort();
    }
  }

  /** Vert.x would close when the client has read everything, and it may never do. */
  @SuppressWarnings("FutureReturnValueIgnored") // The close handler follows.
  private void abort() {
    ((NetSocketInternal) socket).channelHandlerContext().close();
  }

  /** Ends all subscriptions after the connection has closed. */
  void closed() {
    subscriptions.cancelAll();
    drained.tryComplete();
  }

  private void received(Buffer bytes) {
    if (!expectsLength) {
      expectsLength = true;
      frames.fixedSizeMode(Integer.BYTES);
      lastFrameNanos = System.nanoTime();
      count();
      handle(bytes);
      pauseOrResume();
      return;
    }
    int length = bytes.getInt(0);
    if (length < 1 || length > MAX_FRAME) {
      frames.pause();
      metrics.cut(BridgeMetrics.Cut.FRAME);
      socket
          .write(
              BridgeFrames.error(
                  "invalid_length",
                  "The frame says %d bytes: expected 1 to %d, after a length of four bytes"
                      .formatted(length, MAX_FRAME)))
          .onComplete(written -> socket.close());
      return;
    }
    expectsLength = false;
    frames.fixedSizeMode(length);
  }

  private void handle(Buffer bytes) {
    JsonObject frame;
    try {
      frame = StrictJson.object(bytes, "The frame");
    } catch (ProblemException unreadable) {
      error(
          "invalid_json",
          unreadable.getMessage() + "; expected an object such as {\"type\":\"ping\"}");
      return;
    }
    Object type = frame.getValue("type");
    if ("ping".equals(type)) {
      socket.write(BridgeFrames.pong());
    } else if (!(frame.getValue("address") instanceof String address)) {
      error("missing_address", "Expected a type, and an address such as canvas.media.get");
    } else if ("send".equals(type)) {
      send(frame, address);
    } else if ("register".equals(type)) {
      subscriptions
          .subscribe(address, this::event)
          .ifPresent(refusal -> error(refusal.code(), refusal.detail()));
    } else if ("unregister".equals(type)) {
      if (!subscriptions.cancel(address)) {
        error("unknown_address", "Not registered: " + address);
      }
    } else if ("publish".equals(type)) {
      error("access_denied", "Clients cannot publish here: expected send, register or unregister");
    } else {
      error("unknown_type", "Expected the type ping, send, register or unregister");
    }
  }

  private void send(JsonObject frame, String address) {
    String replyAddress = frame.getValue("replyAddress") instanceof String text ? text : null;
    requests++;
    pauseOrResume();
    answer(frame, address)
        .onComplete(
            body -> {
              if (replyAddress != null) {
                socket.write(BridgeFrames.reply(replyAddress, body));
              }
            },
            failure ->
                socket.write(
                    BridgeFrames.failure(address, replyAddress, (ProblemException) failure)))
        .onComplete(
            answered -> {
              requests--;
              pauseOrResume();
              closeIfDrained();
            });
  }

  private Future<JsonObject> answer(JsonObject frame, String address) {
    Addressee addressee = addressees.get(address);
    if (addressee == null) {
      return Future.failedFuture(
          Problem.FORBIDDEN.because(
              "Clients of the bridge cannot send to '%s': expected one of %s",
              address, String.join(", ", addressees.keySet())));
    }
    if (!(frame.getValue("body") instanceof JsonObject body)) {
      return Future.failedFuture(
          Problem.MALFORMED_REQUEST.because("The body is no object: expected a JSON object"));
    }
    JsonObject headers =
        frame.getValue("headers") instanceof JsonObject some ? some : new JsonObject();
    Optional<ProblemException> refusal = access.refusal(addressee.right(), headers, body);
    return refusal.isPresent()
        ? Future.failedFuture(refusal.get())
        : addressee.send().apply(body).recover(BridgeSocket::asProblem);
  }

  private static Future<JsonObject> asProblem(Throwable failure) {
    return Future.failedFuture(
        failure instanceof ProblemException problem ? problem : Problem.internal());
  }

  private void event(String address, JsonObject body) {
    if (socket.writeQueueFull()) {
      // A client that connects again is sent the present state of what it follows.
      cut(BridgeMetrics.Cut.SLOW);
    } else {
      socket.write(BridgeFrames.event(address, body));
    }
  }

  private void error(String code, String detail) {
    socket.write(BridgeFrames.error(code, detail));
  }

  /** A client that sends more than it may is read no further before the second is over. */
  private void count() {
    long now = System.nanoTime();
    if (now - secondNanos >= SECOND_NANOS) {
      secondNanos = now;
      handled = 0;
    }
    if (++handled >= rate && !resting) {
      resting = true;
      long restMs = (secondNanos + SECOND_NANOS - now) / 1_000_000 + 1;
      vertx.setTimer(
          restMs,
          over -> {
            resting = false;
            pauseOrResume();
          });
      pauseOrResume();
    }
  }

  private void pauseOrResume() {
    boolean pause = draining || resting || requests >= MAX_REQUESTS || socket.writeQueueFull();
    if (pause != paused) {
      paused = pause;
      if (pause) {
        frames.pause();
      } else {
        frames.resume();
      }
    }
  }

  private void closeIfDrained() {
    if (draining && requests == 0) {
      socket.close();
      vertx.setTimer(LAST_READ_MS, over -> abort());
    }
  }
}
