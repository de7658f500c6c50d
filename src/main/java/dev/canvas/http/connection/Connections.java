package dev.canvas.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
 * The connections of one HTTP server, and how they end while others go on serving the port. Vert.x
 * closes idle connections as soon as a server is shut down, and one whose client is just sending is
 * idle to the server; the reasons for what is done instead are in {@code
 * docs/adr/0004-graceful-connection-drain.md}.
 *
 * <p>Belongs to one event loop.
 */
public final class Connections {

  /** How long a client that says nothing is waited for, to be told with its next answer. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** How long a request under way may take. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

  /** How long accepting may stand still; ordinarily it is some microseconds. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** How long a client may take to read its last answer, before its connection is cut. */
  private static final Duration LINGERING = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final ConnectionLimit limit;
  private final Context loop;
  private final Set<HttpConnection> open = new HashSet<>();
  private boolean leaving;

  /**
   * To be made on the event loop of the verticle that has the server.
   *
   * @param limit is asked for each connection
   */
  public Connections(Vertx vertx, ConnectionLimit limit) {
    this.vertx = vertx;
    this.limit = limit;
    this.loop = vertx.getOrCreateContext();
  }

  /** Takes a connection in and has it guarded, or cuts it off where there are too many. */
  @SuppressWarnings("FutureReturnValueIgnored") // The future is that of the end itself.
  public void opened(HttpConnection connection) {
    if (!limit.enter()) {
      cut(connection);
      return;
    }
    open.add(connection);
    ChannelHandlerContext channel = channel(connection);
    channel
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              limit.leave();
              open.remove(connection);
            });
    channel.pipeline().addBefore(channel.name(), null, new ConnectionGuard(limit));
  }

  /** Forgets a connection that is a WebSocket from now on: whoever has that ends it. */
  public void upgraded(HttpConnection connection) {
    open.remove(connection);
  }

  /** Looks at a request before it is answered: while leaving, its answer is the last. */
  public void asked(HttpServerRequest request) {
    if (leaving) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      end(request.connection());
    }
  }

  /**
   * Shuts the server down: no more connections are accepted, each that stands is closed after the
   * answer to its next request, or when it has been silent for a second.
   */
  public Future<Void> leave(HttpServer server) {
    leaving = true;
    Promise<Void> left = Promise.promise();
    whileNoneIsBeingAccepted(
        () -> {
          open.forEach(Connections::keepFromBeingClosed);
          server.shutdown(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS).onComplete(left);
        });
    long silent =
        vertx.setTimer(SILENCE.toMillis(), over -> List.copyOf(open).forEach(Connections::end));
    long deaf =
        vertx.setTimer(
            LAST_ANSWERS.toMillis(), over -> List.copyOf(open).forEach(Connections::cut));
    return left.future()
        .onComplete(
            closed -> {
              vertx.cancelTimer(silent);
              vertx.cancelTimer(deaf);
            });
  }

  /**
   * Closes a connection whose last answer is given, once the client has had time to read it: a
   * close at once would reset it while the client still sends, and the answer be lost (RFC 9112,
   * section 9.6). What the client sends until then is thrown away.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Cutting what is closed by then does nothing.
  public static void linger(HttpConnection connection) {
    connection.shutdown(LINGERING.toMillis(), TimeUnit.MILLISECONDS);
    channel(connection)
        .executor()
        .schedule(() -> cut(connection), LINGERING.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Closes a connection at once. To {@link HttpConnection#close} what was written goes before, and
   * a client that reads nothing would keep it for as long as it likes.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // It is closed, whatever comes of that.
  public static void cut(HttpConnection connection) {
    // From the pipeline's first handler on, as those of Vert.x would wait for what was written.
    channel(connection).pipeline().firstContext().close();
  }

  /** Closes a connection after the answer under way, or at once where there is none. */
  private static void end(HttpConnection connection) {
    connection.shutdown(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Runs a change on this event loop while no connection is on its way there: Vert.x closes one
   * that was accepted for a loop whose last server has left meanwhile. Others wait in the kernel's
   * queue.
   */
  private void whileNoneIsBeingAccepted(Runnable change) {
    CountDownLatch done = new CountDownLatch(1);
    ((VertxInternal) vertx)
        .acceptorEventLoopGroup()
        .execute(
            () -> {
              // This loop handles what was handed to it before, and the acceptor hands it no more.
              loop.runOnContext(
                  handled -> {
                    try {
                      change.run();
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
        LOG.warn("An HTTP verticle's event loop is busy; accepting goes on before it has left");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hides the server's shutdown from a connection: it is told of its end by {@link #end}. */
  private static void keepFromBeingClosed(HttpConnection connection) {
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
