package dev.canvas.app.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late each event loop of a process is: how long after its time a timer fires. A loop
 * is late when its turns are long, or when the machine gives it no processor. The first sign of
 * overload, before any request fails. Recorded as {@code canvas.loop.lag}. Thread-safe.
 */
public final class LoopLag {

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final MeterRegistry registry;

  /**
   * @param registry gets a timer per event loop
   */
  public LoopLag(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Measures every event loop of a Vert.x until it is closed. */
  public void measure(Vertx vertx) {
    int number = 0;
    for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      Timer lag =
          Timer.builder("canvas.loop.lag")
              .description("How late a timer of the event loop fires")
              .tag("loop", Integer.toString(number++))
              .register(registry);
      schedule(loop, lag);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It ends with its loop.
  private static void schedule(EventExecutor loop, Timer lag) {
    long due = System.nanoTime() + INTERVAL.toNanos();
    loop.schedule(
        () -> {
          lag.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
          if (!loop.isShuttingDown()) {
            schedule(loop, lag);
          }
        },
        INTERVAL.toNanos(),
        TimeUnit.NANOSECONDS);
  }
}
