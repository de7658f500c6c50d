package dev.canvas.http.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
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
 *   <li>At most one of their responses waits for the client to read it ({@link RequestQueue}).
 *   <li>While the memory for responses is short, they do not wait longer than {@link
 *       AnswerMemory#GRACE}.
 * </ul>
 *
 * <p>It also closes connections gently, for whatever reason Vert.x closes them: an idle one whose
 * client sends a request in this very moment would be reset otherwise. The server's side is closed
 * first; until the client closes its own, at most for {@link #LINGERING}, what it sends is
 * discarded (RFC 9112, section 9.6).
 *
 * <p>Sits in the pipeline between the decoder and Vert.x's own handler, until the connection
 * becomes a WebSocket (ADR 0021). Not thread-safe: confined to one event loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler {

  static final Duration TIMEOUT = Duration.ofSeconds(10);

  static final int MAX_PIPELINED = 64;

  /** How long a connection that is closed on the server's side waits for the client's. */
  static final Duration LINGERING = Duration.ofSeconds(2);

  private static final long GRACE_MS = AnswerMemory.GRACE.toMillis();

  private final ConnectionLimit limit;
  private final RequestQueue requests = new RequestQueue();
  private int unanswered;
  private boolean betweenRequests = true;
  private boolean decoded;
  private boolean cut;
  private boolean closing;
  private Future<?> deadline;
  private ChannelHandlerContext self;
  private long unread;
  private Future<?> unreadCheck;

  /**
   * @param limit counts the connections that are cut
   */
  ConnectionGuard(ConnectionLimit limit) {
    this.limit = limit;
  }

  /** The memory of the answers of the whole process. */
  AnswerMemory memory() {
    return limit.memory();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channel) {
    self = channel;
    startDeadline(channel);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext channel) {
    clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    clear();
    channel.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    decoded = true;
    if (message instanceof HttpRequest && !closing) {
      requestBegan();
    }
    if (cut || closing) {
      // After a cut, the decoder goes on with what it had already received.
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      betweenRequests = true;
      cancelDeadline();
    }
    requests.add(channel, message);
  }

  @Override
  public void read(ChannelHandlerContext channel) {
    if (closing || requests.mayRead()) {
      channel.read();
    }
  }

  /** Bytes that have not yet become a message are the beginning of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    if (betweenRequests && !decoded && !closing) {
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
      requests.answered(channel);
      if (unanswered == 0 && !betweenRequests) {
        startDeadline(channel);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext channel) {
    countUnread(channel);
    channel.fireChannelWritabilityChanged();
    requests.handOver(channel);
  }

  /** Closes the server's side, and the client's when it is closed there or time is up. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise belongs to the caller.
  public void close(ChannelHandlerContext channel, ChannelPromise promise) {
    boolean isOpen = channel.channel().isActive() && !cut && !closing;
    if (!isOpen || !(channel.channel() instanceof DuplexChannel socket)) {
      channel.close(promise);
      return;
    }
    closing = true;
    cancelDeadline();
    requests.clear();
    socket.closeFuture().addListener(closed -> promise.trySuccess());
    socket.shutdownOutput();
    // Reading may have been paused; only a read finds the end of the client's side.
    socket.config().setAutoRead(true);
    channel.executor().schedule(() -> channel.close(), LINGERING.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void requestBegan() {
    cancelDeadline();
    betweenRequests = false;
    unanswered++;
    if (unanswered > MAX_PIPELINED) {
      cut(ConnectionLimit.Cut.AHEAD);
    }
  }

  /** Counts what waits for the client, from Netty's high-water mark until its low-water mark. */
  private void countUnread(ChannelHandlerContext channel) {
    if (channel.channel().isWritable()) {
      countRead();
      return;
    }
    ChannelOutboundBuffer pending = channel.channel().unsafe().outboundBuffer();
    // There is none once the server's side is closed.
    if (unread == 0 && pending != null) {
      unread = pending.totalPendingWriteBytes();
      memory().unread(unread);
      unreadCheck = channel.executor().schedule(this::checkUnread, GRACE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void countRead() {
    if (unread > 0) {
      memory().read(unread);
      unread = 0;
      unreadCheck.cancel(false);
    }
  }

  private void checkUnread() {
    if (memory().isShort()) {
      cut(ConnectionLimit.Cut.UNREAD);
    } else {
      unreadCheck = self.executor().schedule(this::checkUnread, GRACE_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Starts the time that the client has, unless it is running. */
  private void startDeadline(ChannelHandlerContext channel) {
    if (deadline == null) {
      deadline =
          channel
              .executor()
              .schedule(
                  () -> cut(ConnectionLimit.Cut.SLOW), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void clear() {
    cancelDeadline();
    countRead();
    requests.clear();
  }

  /** Closes from this handler on: Vert.x's handler would wait until pending writes are read. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if it fails.
  void cut(ConnectionLimit.Cut reason) {
    if (!cut) {
      cut = true;
      limit.countCut(reason);
      requests.clear();
      self.close();
    }
  }

  /** Whether another response to the same request follows (RFC 9110, section 15.2). */
  private static boolean isInterim(HttpResponse response) {
    return response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
