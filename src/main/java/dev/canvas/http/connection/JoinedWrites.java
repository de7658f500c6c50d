package dev.canvas.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Sends the head and the body of a small response as one buffer. Netty's encoder writes them as
 * two, of which the body is on the heap: it would be copied all the same, and both would pass
 * through the queue, the promises and the system call by themselves.
 *
 * <p>Sits in the pipeline next to the socket, behind the encoder. Not thread-safe: confined to one
 * event loop.
 */
final class JoinedWrites extends ChannelOutboundHandlerAdapter {

  /** Of more bytes, copying the head costs more than a second buffer. */
  private static final int MAX_BYTES = 16_384;

  /** Waits for what is written next, at the latest until the next flush. */
  private ByteBuf held;

  private ChannelPromise heldPromise;

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    boolean isSmall = message instanceof ByteBuf bytes && bytes.readableBytes() <= MAX_BYTES;
    if (held != null && isSmall && canJoin((ByteBuf) message)) {
      join(channel, (ByteBuf) message, promise);
    } else {
      writeHeld(channel);
      if (isSmall) {
        held = (ByteBuf) message;
        heldPromise = promise;
      } else {
        channel.write(message, promise);
      }
    }
  }

  private boolean canJoin(ByteBuf next) {
    return held.readableBytes() + next.readableBytes() <= MAX_BYTES;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  private void join(ChannelHandlerContext channel, ByteBuf next, ChannelPromise promise) {
    ByteBuf both = channel.alloc().directBuffer(held.readableBytes() + next.readableBytes());
    both.writeBytes(held).writeBytes(next);
    held.release();
    next.release();
    held = null;
    // Not earlier: Vert.x closes a connection once a promise tells that everything before was sent.
    ChannelPromise first = heldPromise;
    ChannelPromise second = promise.unvoid();
    second.addListener(
        sent -> {
          if (sent.isSuccess()) {
            first.trySuccess();
          } else {
            first.tryFailure(sent.cause());
          }
        });
    channel.write(both, second);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  private void writeHeld(ChannelHandlerContext channel) {
    if (held != null) {
      ByteBuf bytes = held;
      held = null;
      channel.write(bytes, heldPromise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext channel) {
    writeHeld(channel);
    channel.flush();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  public void close(ChannelHandlerContext channel, ChannelPromise promise) {
    writeHeld(channel);
    channel.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext channel) {
    writeHeld(channel);
  }
}
