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
 * What a client may make of one HTTP/1 connection. Whoever goes beyond is cut off: a client that is
 * slow on purpose does not read answers either. A byte now and then keeps a connection from being
 * idle, so that Vert.x's idle timeout is none of these bounds:
 *
 * <ul>
 *   <li>the head of a request is here within {@link #PATIENCE}, counted from the opening of the
 *       connection, later from the head's first byte;
 *   <li>what is left of a request that has been answered is here within the same time; how long a
 *       body may take before is its reader's affair ({@code RequestBody}, {@code StallWatch});
 *   <li>at most {@link #AHEAD} requests wait for their answers. Vert.x decodes and keeps all that
 *       have come in, some hundred bytes of heap for each that takes eighteen on the wire.
 * </ul>
 *
 * <p>Stands between the decoder and Vert.x's own handler, until the connection is a WebSocket's.
 * Belongs to one event loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  static final int AHEAD = 64;

  private final ConnectionLimit limit;
  private int unanswered;
  private boolean betweenRequests = true;
  private boolean decoded;
  private boolean cut;
  private Future<?> deadline;

  /**
   * @param limit counts who is cut off
   */
  ConnectionGuard(ConnectionLimit limit) {
    this.limit = limit;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channel) {
    await(channel);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext channel) {
    awaitNoMore();
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    awaitNoMore();
    channel.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    decoded = true;
    if (message instanceof HttpRequest) {
      begun(channel);
    }
    if (cut) {
      // The decoder still has what came with it.
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      betweenRequests = true;
      awaitNoMore();
    }
    channel.fireChannelRead(message);
  }

  /** Bytes of which the decoder has made nothing yet are the beginning of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    if (betweenRequests && !decoded) {
      await(channel);
    }
    decoded = false;
    channel.fireChannelReadComplete();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise is for whoever writes.
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    channel.write(message, promise);
    if (message instanceof HttpResponse response && isInterim(response)) {
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        channel.pipeline().remove(this);
      }
    } else if (message instanceof LastHttpContent) {
      unanswered--;
      if (unanswered == 0 && !betweenRequests) {
        await(channel);
      }
    }
  }

  private void begun(ChannelHandlerContext channel) {
    awaitNoMore();
    betweenRequests = false;
    unanswered++;
    if (unanswered > AHEAD) {
      cut(channel, ConnectionLimit.Cut.AHEAD);
    }
  }

  /** Begins to wait for the client, unless that has begun. */
  private void await(ChannelHandlerContext channel) {
    if (deadline == null) {
      deadline =
          channel
              .executor()
              .schedule(
                  () -> cut(channel, ConnectionLimit.Cut.SLOW),
                  PATIENCE.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private void awaitNoMore() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** From here on the handlers before, so that nothing waits for what the client does not read. */
  @SuppressWarnings("FutureReturnValueIgnored") // It is closed, whatever comes of that.
  private void cut(ChannelHandlerContext channel, ConnectionLimit.Cut reason) {
    if (!cut) {
      cut = true;
      limit.cut(reason);
      channel.close();
    }
  }

  /** RFC 9110, section 15.2: another answer follows. */
  private static boolean isInterim(HttpResponse response) {
    return response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
