package dev.canvas.http.live;

import dev.canvas.http.connection.Connections;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The sockets of browsers that follow changes, and how they end. Belongs to one event loop. */
public final class LiveSockets {

  /** A client says something every 25 seconds, or is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final int GOING_AWAY = 1_001;
  private static final int TRY_AGAIN_LATER = 1_013;

  private final Connections connections;
  private final int most;
  private final LiveMetrics metrics;
  private final Set<LiveListener> open = new HashSet<>();
  private boolean leaving;

  /**
   * @param most how many may be open at a time
   */
  public LiveSockets(Connections connections, int most, LiveMetrics metrics) {
    this.connections = connections;
    this.most = most;
    this.metrics = metrics;
  }

  boolean hasRoom() {
    return !leaving && open.size() < most;
  }

  /** Takes one in, or closes it where there is no room any more: whether it was taken in. */
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

  /** Forgets one that is closed. */
  void remove(LiveListener listener) {
    if (open.remove(listener)) {
      listener.end();
      metrics.closed();
    }
  }

  /** Sends all browsers away, to come back to another verticle, and takes in no more. */
  public void leave() {
    leaving = true;
    List.copyOf(open).forEach(listener -> sendAway(listener.socket()));
  }

  /**
   * What waits for those who do not read would fill the memory; whoever comes back is told the
   * newest. Who says nothing is gone, though the network may not know it.
   */
  void sendAwayTheDeafAndTheSilent() {
    for (LiveListener listener : List.copyOf(open)) {
      if (isFull(listener.socket())) {
        metrics.refused(LiveMetrics.Refused.SLOW);
        sendAway(listener.socket());
      } else if (listener.silence() > SILENCE.toNanos()) {
        sendAway(listener.socket());
      }
    }
  }

  /** A good bye would wait behind all that is not read. */
  private static void sendAway(SockJSSocket socket) {
    if (isFull(socket)) {
      Connections.cut(socket.routingContext().request().connection());
    } else {
      socket.close(GOING_AWAY, "Going away");
    }
  }

  private static boolean isFull(SockJSSocket socket) {
    try {
      return socket.writeQueueFull();
    } catch (IllegalStateException closing) {
      return false;
    }
  }
}
