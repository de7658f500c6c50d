package dev.canvas.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.impl.ShutdownEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the connections of one HTTP server and drains them when its verticle stops, while other
 * verticles go on serving the port. Vert.x's own shutdown closes idle connections at once, and a
 * connection whose client is about to send a request is idle to the server; that request would be
 * lost (ADR 0004).
 *
 * <p>Not thread-safe: confined to one event loop, except for the static methods.
 */
public final class Connections {

  /** While draining, how long an idle connection stays open for one more request. */
  private static final Duration IDLE_GRACE = Duration.ofSeconds(1);

  /** While draining, how long the requests in flight may take. */
  private static final Duration IN_FLIGHT_GRACE = Duration.ofSeconds(10);

  /** How long accepting may pause; it usually takes a few microseconds. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /** From when to when what waits for a client counts as unread ({@link AnswerMemory}). */
  private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(16_384, 32_768);

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** How long a client has to read its last response before its connection is aborted. */
  private static final Duration LINGERING = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final ConnectionLimit limit;
  private final ProxySettings proxies;
  private final Context loop;
  private final Set<HttpConnection> open = new HashSet<>();
  private boolean draining;

  /**
   * Must be called on the event loop of the server's verticle.
   *
   * @param limit bounds the connections of the whole process
   * @param proxies their connections count as nobody's, as many clients share them
   */
  public Connections(Vertx vertx, ConnectionLimit limit, ProxySettings proxies) {
    this.vertx = vertx;
    this.limit = limit;
    this.proxies = proxies;
    this.loop = vertx.getOrCreateContext();
  }

  /** Tracks and guards a new connection, or aborts it if the limit is reached. */
  @SuppressWarnings("FutureReturnValueIgnored") // The listener is the whole use of it.
  public void opened(HttpConnection connection) {
    ChannelHandlerContext channel = channel(connection);
    limit.queue().arrived(channel.channel());
    ConnectionLimit.Place place = limit.acquire(channel.channel().remoteAddress(), proxies);
    if (place == null) {
      abort(connection);
      return;
    }
    open.add(connection);
    channel
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              limit.release(place);
              open.remove(connection);
            });
    channel.channel().config().setWriteBufferWaterMark(UNREAD);
    channel.pipeline().addFirst(new JoinedWrites());
    channel.pipeline().addBefore(channel.name(), null, new ConnectionGuard(limit));
  }

  /** Stops tracking a connection that became a WebSocket; {@code LiveSockets} closes it. */
  public void upgraded(HttpConnection connection) {
    open.remove(connection);
  }

  /**
   * Must see each request before it is handled: while draining, and when the process ends, it is
   * the connection's last.
   */
  public void requested(HttpServerRequest request) {
    if (draining || limit.queue().isEnding()) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      closeAfterResponse(request.connection());
    }
  }

  /**
   * Shuts the server down gracefully. It accepts no more connections; each open one is closed after
   * the response to its next request, or after a second without one. Completes when the last
   * connection is closed, at most ten seconds later.
   */
  public Future<Void> drain(HttpServer server) {
    draining = true;
    Promise<Void> drained = Promise.promise();
    whileAcceptingIsPaused(
        () -> {
          open.forEach(Connections::hideShutdown);
          server.shutdown(IN_FLIGHT_GRACE.toMillis(), TimeUnit.MILLISECONDS).onComplete(drained);
        });
    long idle =
        vertx.setTimer(
            IDLE_GRACE.toMillis(),
            over -> List.copyOf(open).forEach(Connections::closeAfterResponse));
    long timeout =
        vertx.setTimer(
            IN_FLIGHT_GRACE.toMillis(), over -> List.copyOf(open).forEach(Connections::abort));
    return drained
        .future()
        .onComplete(
            closed -> {
              vertx.cancelTimer(idle);
              vertx.cancelTimer(timeout);
            });
  }

  /**
   * Closes a connection after its last response, once the client has had time to read it. An
   * immediate close would reset the connection while the client still sends, and the response would
   * be lost (RFC 9112, section 9.6). What the client sends until then is discarded.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Aborting a closed connection does nothing.
  public static void closeLingering(HttpConnection connection) {
    connection.shutdown(LINGERING.toMillis(), TimeUnit.MILLISECONDS);
    channel(connection)
        .executor()
        .schedule(() -> abort(connection), LINGERING.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Closes a connection at once. {@link HttpConnection#close} first waits for pending writes, so a
   * client that does not read would keep the connection open for as long as it likes.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if it fails.
  public static void abort(HttpConnection connection) {
    // From the pipeline's first handler on: those of Vert.x would wait for pending writes.
    channel(connection).pipeline().firstContext().close();
  }

  /** Closes a connection at once to protect the process, and counts it. Thread-safe. */
  static void cut(HttpConnection connection, ConnectionLimit.Cut reason) {
    channel(connection)
        .executor()
        .execute(
            () -> {
              ConnectionGuard guard = guard(connection);
              if (guard != null) {
                guard.cut(reason);
              }
            });
  }

  /** The guard of a connection; null if it has none. */
  static ConnectionGuard guard(HttpConnection connection) {
    return channel(connection).pipeline().get(ConnectionGuard.class);
  }

  /** Closes a connection after the response in progress, or at once if there is none. */
  private static void closeAfterResponse(HttpConnection connection) {
    connection.shutdown(IN_FLIGHT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Runs an action on this event loop while no accepted connection is on its way to it: Vert.x
   * closes a connection that arrives at a loop whose last server is gone. New connections wait in
   * the kernel's accept queue meanwhile.
   */
  private void whileAcceptingIsPaused(Runnable action) {
    CountDownLatch done = new CountDownLatch(1);
    ((VertxInternal) vertx)
        .acceptorEventLoopGroup()
        .execute(
            () -> {
              // This loop has handled every connection handed to it, and the acceptor is waiting
              // here.
              loop.runOnContext(
                  handled -> {
                    try {
                      action.run();
                    } finally {
                      done.countDown();
                    }
                  });
              await(done);
            });
  }

  private static void await(CountDownLatch done) {
    try {
      if (!done.await(ACCEPT_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "An HTTP verticle's event loop was busy for {} ms: accepting resumes before the"
                + " verticle has left",
            ACCEPT_PAUSE.toMillis());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hides the server's shutdown from a connection, which is closed by this class instead. */
  private static void hideShutdown(HttpConnection connection) {
    channel(connection).pipeline().addFirst(new ShutdownFilter());
  }

  private static ChannelHandlerContext channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext();
  }

  private static final class ShutdownFilter extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
      if (!(event instanceof ShutdownEvent)) {
        super.userEventTriggered(channel, event);
      }
    }
  }
}
