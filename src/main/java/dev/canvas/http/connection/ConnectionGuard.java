package dev.canvas.http.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what a client may do with one HTTP/1 connection, and cuts the connection of a client that
 * exceeds a bound. No error response is sent, because a client that is slow on purpose does not
 * read it either. Vert.x's idle timeout enforces none of these bounds: a byte now and then keeps a
 * connection from being idle.
 *
 * <ul>
 *   <li>The head of a request arrives within {@link #TIMEOUT}, counted from the opening of the
 *       connection, and for later requests from the head's first byte.
 *   <li>Once a request has been answered, the rest of it arrives within the same time. Until then
 *       the reader of the body bounds the time ({@code RequestBody}, {@code StallWatch}).
 *   <li>At most {@link #MAX_PIPELINED} requests wait for their responses. Vert.x decodes and keeps
 *       every request that has arrived: hundreds of bytes of heap for 18 bytes on the wire.
 * </ul>
 *
 * <p>Sits in the pipeline between the decoder and Vert.x's own handler, until the connection
 * becomes a WebSocket (ADR 0021). Not thread-safe: confined to one event loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler {

  static final Duration TIMEOUT = Duration.ofSeconds(10);

  static final int MAX_PIPELINED = 64;

  private final ConnectionLimit limit;
  private int unanswered;
  private boolean betweenRequests = true;
  private boolean decoded;
  private boolean cut;
  private Future<?> deadline;

  /**
   * @param limit counts the connections that are cut
   */
  ConnectionGuard(ConnectionLimit limit) {
    this.limit = limit;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channel) {
    startDeadline(channel);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext channel) {
    cancelDeadline();
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    cancelDeadline();
    channel.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    decoded = true;
    if (message instanceof HttpRequest) {
      requestBegan(channel);
    }
    if (cut) {
      // The decoder goes on with what it had already received.
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      betweenRequests = true;
      cancelDeadline();
    }
    channel.fireChannelRead(message);
  }

  /** Bytes that have not yet become a message are the beginning of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    if (betweenRequests && !decoded) {
      startDeadline(channel);
    }
    decoded = false;
    channel.fireChannelReadComplete();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    channel.write(message, promise);
    if (message instanceof HttpResponse response && isInterim(response)) {
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        channel.pipeline().remove(this);
      }
    } else if (message instanceof LastHttpContent) {
      unanswered--;
      if (unanswered == 0 && !betweenRequests) {
        startDeadline(channel);
      }
    }
  }

  private void requestBegan(ChannelHandlerContext channel) {
    cancelDeadline();
    betweenRequests = false;
    unanswered++;
    if (unanswered > MAX_PIPELINED) {
      cut(channel, ConnectionLimit.Cut.AHEAD);
    }
  }

  /** Starts the time that the client has, unless it is running. */
  private void startDeadline(ChannelHandlerContext channel) {
    if (deadline == null) {
      deadline =
          channel
              .executor()
              .schedule(
                  () -> cut(channel, ConnectionLimit.Cut.SLOW),
                  TIMEOUT.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Closes from this handler on: Vert.x's handler would wait until pending writes are read. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if it fails.
  private void cut(ChannelHandlerContext channel, ConnectionLimit.Cut reason) {
    if (!cut) {
      cut = true;
      limit.countCut(reason);
      channel.close();
    }
  }

  /** Whether another response to the same request follows (RFC 9110, section 15.2). */
  private static boolean isInterim(HttpResponse response) {
    return response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
