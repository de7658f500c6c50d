package dev.canvas.http;

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
 * docs/adr/0004-http-verticles-leave-politely.md}.
 *
 * <p>Belongs to one event loop.
 */
final class Connections {

  /** How long a client that says nothing is waited for, to be told with its next answer. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** How long a request under way may take. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

  /** How long accepting may stand still; ordinarily it is some microseconds. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final Vertx vertx;
  private final Context loop;
  private final Set<HttpConnection> open = new HashSet<>();
  private boolean leaving;

  /** To be made on the event loop of the verticle that has the server. */
  Connections(Vertx vertx) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
  }

  /** Takes note of a connection. */
  void opened(HttpConnection connection) {
    open.add(connection);
    connection.closeHandler(closed -> open.remove(connection));
  }

  /** Forgets a connection that is a WebSocket from now on: whoever has that ends it. */
  void upgraded(HttpConnection connection) {
    open.remove(connection);
  }

  /**
   * Closes a connection at once, whatever is on its way: from before the handlers of Vert.x, which
   * would wait for that.
   */
  static void cut(HttpConnection connection) {
    var unused =
        ((HttpServerConnection) connection)
            .channelHandlerContext()
            .channel()
            .pipeline()
            .firstContext()
            .close();
  }

  /** Looks at a request before it is answered: while leaving, its answer is the last. */
  void asked(HttpServerRequest request) {
    if (leaving) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      end(request.connection());
    }
  }

  /**
   * Shuts the server down: no more connections are accepted, each that stands is closed after the
   * answer to its next request, or when it has been silent for a second.
   */
  Future<Void> leave(HttpServer server) {
    leaving = true;
    Promise<Void> left = Promise.promise();
    whileNoneIsBeingAccepted(
        () -> {
          open.forEach(Connections::keepFromBeingClosed);
          server.shutdown(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS).onComplete(left);
        });
    long silent =
        vertx.setTimer(SILENCE.toMillis(), over -> List.copyOf(open).forEach(Connections::end));
    return left.future().onComplete(closed -> vertx.cancelTimer(silent));
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
    ((HttpServerConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .addFirst(new ShutdownFilter());
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
