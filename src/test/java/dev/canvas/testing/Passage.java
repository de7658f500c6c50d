package dev.canvas.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A connection through a {@link TcpProxy}: two sockets and the bytes between them. */
final class Passage {

  private final NetSocket caller;
  private final NetSocket called;
  private final Direction there;
  private final Direction back;
  private Runnable onEnd;

  /**
   * @param hungUp completed when the caller has ended, which may have been before now
   */
  Passage(Vertx vertx, TcpFault fault, NetSocket caller, Future<?> hungUp, NetSocket called) {
    this.caller = caller;
    this.called = called;
    there = new Direction(vertx, fault, caller, hungUp, called);
    back = new Direction(vertx, fault, called, end(called), caller);
  }

  /** Completed when a socket ends. */
  static Future<?> end(NetSocket socket) {
    Promise<Void> end = Promise.promise();
    socket.closeHandler(end::tryComplete);
    return end.future();
  }

  /**
   * @param ended run when both sockets have ended
   */
  void open(Runnable ended) {
    onEnd = ended;
    there.open();
    back.open();
  }

  /** Forwards what may go on now. */
  void move() {
    there.move();
    back.move();
  }

  void cut() {
    caller.close();
    called.close();
  }

  /** What one socket says and the other has not been told yet. */
  private final class Direction {

    /** No more than this is taken from the speaker before some of it has gone. */
    private static final int MOST_HELD = 64 * 1024;

    private record Chunk(Buffer bytes, long arrived) {}

    private final Vertx vertx;
    private final TcpFault fault;
    private final NetSocket from;
    private final Future<?> end;
    private final NetSocket to;
    private final Queue<Chunk> held = new ArrayDeque<>();
    private int heldBytes;
    private long free = System.nanoTime();
    private long timer = -1;
    private boolean ended;

    Direction(Vertx vertx, TcpFault fault, NetSocket from, Future<?> end, NetSocket to) {
      this.vertx = vertx;
      this.fault = fault;
      this.from = from;
      this.end = end;
      this.to = to;
    }

    void open() {
      from.handler(this::take);
      from.exceptionHandler(reset -> {}); // Its close follows.
      end.onSuccess(
          closed -> {
            ended = true;
            move();
            if (there.ended && back.ended) {
              onEnd.run();
            }
          });
      to.drainHandler(drained -> move());
      from.resume();
    }

    private void take(Buffer bytes) {
      held.add(new Chunk(bytes, System.nanoTime()));
      heldBytes += bytes.length();
      move();
    }

    void move() {
      vertx.cancelTimer(timer);
      while (!fault.isStalled() && !held.isEmpty() && !to.writeQueueFull()) {
        Chunk next = held.element();
        long now = System.nanoTime();
        long wait = fault.due(next.arrived, free, next.bytes.length()) - now;
        if (wait > 0) {
          long millis = TimeUnit.NANOSECONDS.toMillis(wait) + 1;
          timer = vertx.setTimer(millis, due -> move());
          break;
        }
        held.remove();
        heldBytes -= next.bytes.length();
        free = now;
        to.write(next.bytes);
      }
      if (heldBytes >= MOST_HELD) {
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
