package dev.canvas.data.admission;

import dev.canvas.loop.LoopTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The gates of one event loop, one of each {@link Kind}: what is asked of its data verticle beyond
 * the near cache passes one of them. Nothing is measured per request: a timer runs while there is
 * work, and adapts the limits every tenth of a second. See {@code docs/adr/0025-admission.md}.
 *
 * <p>Belongs to one event loop.
 */
public final class Admission {

  /** The time between adaptations; by the clock, so that a late loop adapts as quickly. */
  private static final long WINDOW_NANOS = 100_000_000;

  private final MeterRegistry registry;
  private final LoopClock clock;
  private final LoopTime time;
  private final Map<Kind, Gate> gates = new EnumMap<>(Kind.class);
  private final List<Gauge> gauges = new ArrayList<>();
  private final LoopTimer timer;
  private long adaptedNanos;

  /**
   * @param verticle its name in the metrics
   * @param registry counts what is refused, and shows the limits
   */
  public Admission(Vertx vertx, String verticle, MeterRegistry registry) {
    this(LoopClock.of(vertx), verticle, registry);
  }

  Admission(LoopClock clock, String verticle, MeterRegistry registry) {
    this.registry = registry;
    this.clock = clock;
    this.time = new LoopTime(clock);
    this.timer = new LoopTimer(clock::after, LoopTime.TICK_MS, this::tick);
    ShedMetrics metrics = new ShedMetrics(registry);
    for (Kind kind : Kind.values()) {
      Gate gate = new Gate(kind, time, this::onBusy, metrics);
      gates.put(kind, gate);
      gauges.add(
          Gauge.builder("canvas.admission.limit", gate, Gate::limit)
              .description("How much of a kind a data verticle takes on at once now")
              .tags("kind", kind.tag(), "verticle", verticle)
              .register(registry));
    }
  }

  /** The gate of a kind of work. */
  public Gate gate(Kind kind) {
    return gates.get(kind);
  }

  /**
   * A clock that counts turns of this event loop, 50 ms apart or more, while anything is admitted.
   * Callers on the bus count in the same way.
   */
  public long turns() {
    return time.turns();
  }

  /** Removes the meters of this event loop. */
  public void close() {
    gauges.forEach(registry::remove);
  }

  private void onBusy() {
    if (timer.start()) {
      time.resume();
    }
  }

  /** Returns whether anything is in progress or waits. */
  private boolean tick() {
    time.tick();
    gates.values().forEach(Gate::tick);
    long now = clock.nanoTime();
    if (now - adaptedNanos >= WINDOW_NANOS) {
      adaptedNanos = now;
      double lateMs = time.takeLateMs();
      gates.values().forEach(gate -> gate.adapt(lateMs));
    }
    return gates.values().stream().anyMatch(Gate::isBusy);
  }
}
