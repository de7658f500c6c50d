package dev.canvas.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands the requests of one connection to Vert.x one at a time: the next one when the answer to the
 * one before has gone to the socket, but for some 16 KB (the low-water mark). Vert.x keeps an
 * answer until the client reads, and goes on with the next request; so a client that pipelines and
 * does not read would fill the memory with answers. Here it has at most one answer waiting. Not
 * thread-safe: confined to one event loop.
 */
final class RequestQueue {

  /** Once so many bytes of bodies wait, nothing more is read from the connection. */
  private static final int MAX_HELD_BYTES = 65_536;

  private final Queue<Object> held = new ArrayDeque<>();
  private long heldBytes;
  private boolean answering;
  private boolean arriving;
  private boolean readAgain;

  /** Takes a message from the decoder. */
  void add(ChannelHandlerContext channel, Object message) {
    if (held.isEmpty() && mayHandOver(channel)) {
      handOver(channel, message);
      return;
    }
    held.add(message);
    heldBytes += size(message);
    handOverWhatMayBe(channel);
  }

  /** The answer to the request in progress has gone to the socket. */
  void answered(ChannelHandlerContext channel) {
    answering = false;
    if (!held.isEmpty()) {
      // Not now: Vert.x is about to finish the answer.
      channel.executor().execute(() -> handOver(channel));
    }
  }

  /** Whether something may be read from the connection; if not, it is read later. */
  boolean mayRead() {
    readAgain = heldBytes >= MAX_HELD_BYTES;
    return !readAgain;
  }

  /** Releases what is held. */
  void clear() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    heldBytes = 0;
  }

  /** Hands over what has waited, outside of a read of the connection. */
  void handOver(ChannelHandlerContext channel) {
    if (handOverWhatMayBe(channel)) {
      // As after a read: Vert.x does not flush what it answers until then.
      channel.fireChannelReadComplete();
    }
  }

  private boolean handOverWhatMayBe(ChannelHandlerContext channel) {
    boolean handedOver = false;
    while (!held.isEmpty() && mayHandOver(channel)) {
      Object message = held.remove();
      heldBytes -= size(message);
      handedOver = true;
      handOver(channel, message);
    }
    if (readAgain && mayRead()) {
      channel.read();
    }
    return handedOver;
  }

  /** The rest of a request follows its head, even if it has been answered already. */
  private boolean mayHandOver(ChannelHandlerContext channel) {
    return arriving || (!answering && channel.channel().isWritable());
  }

  private void handOver(ChannelHandlerContext channel, Object message) {
    if (message instanceof HttpRequest) {
      answering = true;
      arriving = true;
    }
    if (message instanceof LastHttpContent) {
      arriving = false;
    }
    channel.fireChannelRead(message);
  }

  private static int size(Object message) {
    return message instanceof HttpContent content ? content.content().readableBytes() : 0;
  }
}
