package dev.canvas.data;

import dev.canvas.bus.ChangeEvents;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.ProcessState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the {@link RelayLoop} on behalf of all data verticles of the process: relays committed
 * changes, publishes them on the event bus, and keeps the near cache valid. Deploy one. It starts
 * when the store answers; Redis may come later.
 */
final class RelayVerticle extends VerticleBase {

  /** How long an idle relay waits before it polls again. */
  private static final long POLL_MS = 40;

  private static final long PING_MS = 100;
  private static final long LAG_MS = 1_000;

  /** How often it is proven that no change is missed. */
  private static final long RECOVER_MS = 500;

  private final CacheSettings settings;
  private final DataParts parts;
  private final ProcessState process;
  private final NearCache near;
  private final MeterRegistry registry;
  private final boolean relays;
  private final List<Gauge> gauges = new ArrayList<>();
  private RelayLoop relay;
  private boolean stopping;
  private volatile double lag;

  /**
   * @param process shared by the verticles of the process
   * @param relays whether it may relay, or only keeps the near cache valid
   */
  RelayVerticle(
      CacheSettings settings,
      DataParts parts,
      ProcessState process,
      MeterRegistry registry,
      boolean relays) {
    this.settings = settings;
    this.parts = parts;
    this.process = process;
    this.near = process.near();
    this.registry = registry;
    this.relays = relays;
  }

  @Override
  public Future<?> start() {
    ChangeEvents events = new ChangeEvents(vertx);
    relay =
        new RelayLoop(
            context,
            settings,
            parts,
            process,
            change -> events.publish(change.productId(), change.version(), change.deleted()),
            change -> events.heard(change.productId(), change.version(), change.deleted()),
            relays);
    return relay
        .connect()
        .compose(
            connected ->
                near.isEnabled() ? relay.ping().otherwiseEmpty() : Future.succeededFuture())
        .compose(pinged -> relay.hear())
        .onSuccess(connected -> begin())
        .onFailure(failure -> close());
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    // If this relay holds the lock, what is committed by now is relayed before the process ends.
    return relay
        .round()
        .otherwise(false)
        .compose(last -> relay.unlock())
        .otherwiseEmpty()
        .onComplete(unlocked -> close());
  }

  private void begin() {
    gauges.add(
        Gauge.builder("canvas.outbox.lag", () -> lag)
            .description("Age of the oldest committed change that has not been relayed")
            .baseUnit("seconds")
            .register(registry));
    gauges.add(
        Gauge.builder("canvas.near.products", near, NearCache::size)
            .description("Approximate number of products in the process's own memory")
            .register(registry));
    vertx.setPeriodic(LAG_MS, tick -> relay.lag().onSuccess(seconds -> lag = seconds));
    if (near.isEnabled()) {
      pingLater();
    }
    recoverLater();
    poll();
  }

  private void recoverLater() {
    vertx.setTimer(
        RECOVER_MS,
        tick -> {
          if (!stopping) {
            relay.recoverMissed().onComplete(done -> recoverLater());
          }
        });
  }

  private void poll() {
    if (stopping) {
      return;
    }
    relay
        .round()
        .otherwise(false)
        .onSuccess(
            more -> {
              if (more) {
                poll();
              } else {
                vertx.setTimer(POLL_MS, tick -> poll());
              }
            });
  }

  private void pingLater() {
    vertx.setTimer(
        PING_MS,
        tick -> {
          if (!stopping) {
            relay.ping().onComplete(done -> pingLater());
          }
        });
  }

  private void close() {
    gauges.forEach(registry::remove);
    relay.close();
  }
}
