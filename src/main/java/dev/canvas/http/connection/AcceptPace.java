package dev.canvas.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts connections no faster than the event loops take them. The thread that accepts does
 * nothing else, so in a storm of connections it would hand thousands to each loop at once, which
 * would be busy with them for as long, while those that it serves wait. Here, at most {@link
 * #MAX_WAITING} are on their way; the others wait in the kernel. A loop that is late takes none, so
 * accepting pauses until it is punctual again.
 *
 * <p>Sits in the pipeline of a listening port. Thread-safe.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {

  /** Some four milliseconds of work, if one loop gets them all. */
  static final int MAX_WAITING = 64;

  private final AtomicInteger waiting = new AtomicInteger();

  /** Whether connections wait that the loops have not taken. */
  boolean isPaused() {
    return waiting.get() >= MAX_WAITING;
  }

  @Override
  public void channelRead(ChannelHandlerContext port, Object connection) {
    port.fireChannelRead(connection);
    if (waiting.incrementAndGet() >= MAX_WAITING) {
      port.channel().config().setAutoRead(false);
    }
    try {
      EventLoop loop = ((Channel) connection).eventLoop();
      // Behind the registration of the connection.
      loop.execute(() -> afterThisTurn(loop, port));
    } catch (IllegalStateException | RejectedExecutionException refused) {
      // It could not be handed to a loop, or the loop has ended.
      taken(port);
    }
  }

  /** A loop runs a timer only after it has looked at its sockets; see {@code Turns}. */
  @SuppressWarnings("FutureReturnValueIgnored") // It ends with its loop.
  private void afterThisTurn(EventLoop loop, ChannelHandlerContext port) {
    loop.schedule(() -> taken(port), 0, TimeUnit.NANOSECONDS);
  }

  private void taken(ChannelHandlerContext port) {
    if (waiting.decrementAndGet() == MAX_WAITING / 2) {
      port.executor().execute(() -> resume(port.channel()));
    }
  }

  private static void resume(Channel port) {
    if (port.isOpen()) {
      port.config().setAutoRead(true);
    }
  }
}
