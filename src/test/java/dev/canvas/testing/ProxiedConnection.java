package dev.canvas.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A connection through a {@link TcpProxy}: two sockets and the bytes between them. Belongs to one
 * event loop.
 */
final class ProxiedConnection {

  private final NetSocket client;
  private final NetSocket server;
  private final Direction toServer;
  private final Direction toClient;
  private final TcpFault fault;
  private Runnable onEnd;
  private long lastActiveNanos = System.nanoTime();
  private boolean forgotten;

  /**
   * @param clientClosed completes when the client has closed its socket, which may be before this
   *     call
   */
  ProxiedConnection(
      Vertx vertx, TcpFault fault, NetSocket client, Future<?> clientClosed, NetSocket server) {
    this.fault = fault;
    this.client = client;
    this.server = server;
    toServer = new Direction(vertx, fault, client, clientClosed, server);
    toClient = new Direction(vertx, fault, server, closed(server), client);
  }

  /** Completes when a socket is closed. */
  static Future<?> closed(NetSocket socket) {
    Promise<Void> closed = Promise.promise();
    socket.closeHandler(closed::tryComplete);
    return closed.future();
  }

  /**
   * Starts to forward bytes.
   *
   * @param onEnd runs when both sockets are closed
   */
  void open(Runnable onEnd) {
    this.onEnd = onEnd;
    toServer.open();
    toClient.open();
  }

  /** Forwards the bytes that are due. */
  void forward() {
    toServer.forward();
    toClient.forward();
  }

  /** Whether bytes that arrive now belong to a connection that has been idle for too long. */
  private boolean isForgotten() {
    long now = System.nanoTime();
    forgotten |= fault.forgets(now - lastActiveNanos);
    lastActiveNanos = now;
    return forgotten;
  }

  void cut() {
    client.close();
    server.close();
  }

  /** The bytes that one socket has sent and the other has not received yet. */
  private final class Direction {

    /** Reading pauses while more bytes than this are waiting. */
    private static final int MAX_HELD = 64 * 1024;

    private record Chunk(Buffer bytes, long arrived) {}

    private final Vertx vertx;
    private final TcpFault fault;
    private final NetSocket from;
    private final Future<?> closed;
    private final NetSocket to;
    private final Queue<Chunk> held = new ArrayDeque<>();
    private int heldBytes;
    private long lastSent = System.nanoTime();
    private long timer = -1;
    private boolean ended;

    Direction(Vertx vertx, TcpFault fault, NetSocket from, Future<?> closed, NetSocket to) {
      this.vertx = vertx;
      this.fault = fault;
      this.from = from;
      this.closed = closed;
      this.to = to;
    }

    void open() {
      from.handler(this::take);
      from.exceptionHandler(reset -> {}); // The close handler follows.
      closed.onSuccess(
          end -> {
            ended = true;
            forward();
            if (toServer.ended && toClient.ended) {
              onEnd.run();
            }
          });
      to.drainHandler(drained -> forward());
      from.resume();
    }

    private void take(Buffer bytes) {
      if (isForgotten()) {
        return;
      }
      held.add(new Chunk(bytes, System.nanoTime()));
      heldBytes += bytes.length();
      forward();
    }

    void forward() {
      vertx.cancelTimer(timer);
      while (!fault.isStalled() && !held.isEmpty() && !to.writeQueueFull()) {
        Chunk next = held.element();
        long now = System.nanoTime();
        long wait = fault.due(next.arrived, lastSent, next.bytes.length()) - now;
        if (wait > 0) {
          long millis = TimeUnit.NANOSECONDS.toMillis(wait) + 1;
          timer = vertx.setTimer(millis, due -> forward());
          break;
        }
        held.remove();
        heldBytes -= next.bytes.length();
        lastSent = now;
        to.write(next.bytes);
      }
      if (heldBytes >= MAX_HELD) {
        from.pause();
      } else {
        from.resume();
      }
      if (ended && held.isEmpty() && !fault.isStalled()) {
        to.close();
      }
    }
  }
}
