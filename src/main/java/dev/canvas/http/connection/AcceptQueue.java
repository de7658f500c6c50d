package dev.canvas.http.connection;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of a process that wait to be accepted. Paces accepting ({@link AcceptPace}), and
 * ends it before a process stops, so that no client is reset: when a port is closed, the kernel
 * resets the connections that it has established and the process has not yet taken. So new ones are
 * kept from being established first ({@link SynFilter}); those that are, are taken and answered;
 * then the port is closed. Thread-safe.
 */
final class AcceptQueue {

  /**
   * If no connection has arrived for so long, the queue is empty, and no handshake is half done.
   */
  private static final Duration QUIET = Duration.ofMillis(100);

  /** How often that is awaited, where new connections cannot be kept away. */
  private static final int MAX_ROUNDS = 5;

  private final AtomicLong arrivals = new AtomicLong();
  private volatile AcceptPace pace;
  private volatile Channel port;
  private volatile boolean ending;

  /** Must see each connection that arrives. */
  void arrived(Channel connection) {
    arrivals.incrementAndGet();
    if (connection.parent() != port) {
      opened(connection.parent());
    }
  }

  private synchronized void opened(Channel listening) {
    if (listening != port) {
      pace = new AcceptPace();
      listening.pipeline().addFirst(pace);
      port = listening;
    }
  }

  /** Whether clients should reconnect, to another process. */
  boolean isEnding() {
    return ending;
  }

  /** Has clients reconnect after their next answer. Connections are accepted as before. */
  void announceEnd() {
    ending = true;
  }

  /** Takes what the kernel has accepted, and closes the port. */
  Future<Void> end(Vertx vertx) {
    announceEnd();
    Promise<Void> ended = Promise.promise();
    if (port == null) {
      ended.complete();
    } else {
      SynFilter.attach(port);
      awaitQuiet(vertx, MAX_ROUNDS, ended);
    }
    return ended.future();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The listener is the whole use of it.
  private void awaitQuiet(Vertx vertx, int rounds, Promise<Void> ended) {
    long before = arrivals.get();
    vertx.setTimer(
        QUIET.toMillis(),
        over -> {
          if ((arrivals.get() == before && !pace.isPaused()) || rounds == 1) {
            port.close().addListener(closed -> ended.complete());
          } else {
            awaitQuiet(vertx, rounds - 1, ended);
          }
        });
  }
}
