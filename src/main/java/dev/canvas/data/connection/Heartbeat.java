package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/**
 * Pings held connections that are idle. So a server that died or froze is noticed although nobody
 * asks it, and nothing between drops a connection for being idle. A ping is judged as every other
 * command is.
 */
public final class Heartbeat {

  /** A fraction of the minute or more after which firewalls and load balancers forget. */
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private Heartbeat() {}

  /**
   * Begins to ping a connection whenever it is up and has carried no command for a while.
   *
   * @param context whose end also ends the pings
   * @param ping costs the server next to nothing
   */
  public static <S> void start(
      Context context, HeldConnection<S> connection, Function<S, ? extends Future<?>> ping) {
    start(context, connection, ping, PERIOD);
  }

  static <S> void start(
      Context context,
      HeldConnection<S> connection,
      Function<S, ? extends Future<?>> ping,
      Duration period) {
    context
        .owner()
        .setPeriodic(
            period.toMillis(),
            tick -> {
              if (!connection.wasUsed() && connection.isUp()) {
                connection.call(session -> ping.apply(session).mapEmpty());
                connection.wasUsed(); // The ping itself does not count.
              }
            });
  }
}
