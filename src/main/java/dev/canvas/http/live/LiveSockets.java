package dev.canvas.http.live;

import dev.canvas.http.connection.Connections;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tracks the open sockets of browsers that follow changes, and closes those that are slow or
 * silent, and all of them when the verticle stops. Not thread-safe: confined to one event loop.
 */
public final class LiveSockets {

  /** Clients ping every 25 seconds, so a client silent for this long is gone. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** RFC 6455, section 7.4.1. */
  private static final int GOING_AWAY = 1_001;

  /** IANA WebSocket Close Code Number Registry. */
  private static final int TRY_AGAIN_LATER = 1_013;

  private final Connections connections;
  private final int max;
  private final LiveMetrics metrics;
  private final Set<LiveListener> open = new HashSet<>();
  private boolean draining;

  /**
   * @param max the maximum number of open sockets
   */
  public LiveSockets(Connections connections, int max, LiveMetrics metrics) {
    this.connections = connections;
    this.max = max;
    this.metrics = metrics;
  }

  boolean hasRoom() {
    return !draining && open.size() < max;
  }

  /** Adds a socket and returns true, or closes it and returns false if the limit is reached. */
  boolean add(LiveListener listener) {
    SockJSSocket socket = listener.socket();
    connections.upgraded(socket.routingContext().request().connection());
    if (!hasRoom()) {
      socket.close(TRY_AGAIN_LATER, "Try again later");
      return false;
    }
    open.add(listener);
    metrics.opened();
    return true;
  }

  /** Removes a closed socket. */
  void remove(LiveListener listener) {
    if (open.remove(listener)) {
      listener.close();
      metrics.closed();
    }
  }

  /** Closes all sockets and accepts no more; the browsers reconnect to another verticle. */
  public void drain() {
    draining = true;
    List.copyOf(open).forEach(listener -> close(listener.socket()));
  }

  /**
   * Closes the sockets of clients that do not read, whose messages would fill the memory, and of
   * clients that have been silent too long. A client that reconnects is sent the current state.
   */
  void closeStalledAndIdle() {
    for (LiveListener listener : List.copyOf(open)) {
      if (isStalled(listener.socket())) {
        metrics.refused(LiveMetrics.Refused.SLOW);
        close(listener.socket());
      } else if (listener.idleNanos() > IDLE_TIMEOUT.toNanos()) {
        close(listener.socket());
      }
    }
  }

  /**
   * Aborts a socket whose client does not read: a close frame would wait behind unread messages.
   */
  private static void close(SockJSSocket socket) {
    if (isStalled(socket)) {
      Connections.abort(socket.routingContext().request().connection());
    } else {
      socket.close(GOING_AWAY, "Going away");
    }
  }

  private static boolean isStalled(SockJSSocket socket) {
    try {
      return socket.writeQueueFull();
    } catch (IllegalStateException closing) {
      return false;
    }
  }
}
