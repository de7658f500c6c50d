package dev.canvas.data;

import dev.canvas.bus.ChangeEvents;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.cache.Script;
import dev.canvas.data.cache.Subscription;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.write.Relay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;

/**
 * Relays committed changes and keeps the near cache true, for all data verticles of the process:
 * two connections to the store and two to Redis. Deploy one. It starts when the store answers;
 * Redis may come later.
 */
final class RelayVerticle extends VerticleBase {

  /** How long an idle relay waits before it looks again. */
  private static final long LOOK_MS = 40;

  private static final long PING_MS = 100;
  private static final long LAG_MS = 1_000;

  private final DataSettings settings;
  private final NearCache near;
  private final ConfirmedInstalls installed;
  private final MeterRegistry registry;
  private final List<Gauge> gauges = new ArrayList<>();
  private Store store;
  private RedisCache cache;
  private Outbox outbox;
  private Subscription subscription;
  private Relay relay;
  private boolean stopping;
  private volatile double lag;

  RelayVerticle(
      DataSettings settings, NearCache near, ConfirmedInstalls installed, MeterRegistry registry) {
    this.settings = settings;
    this.near = near;
    this.installed = installed;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    ChangeEvents events = new ChangeEvents(vertx);
    store = settings.store().store(context, settings);
    cache = RedisCache.ofRelay(context, settings, store, Script::source);
    outbox = settings.store().outbox(context, settings);
    subscription = new Subscription(context, settings, cache, near);
    relay =
        new Relay(
            outbox,
            cache,
            installed,
            row -> events.publish(row.productId(), row.version(), row.deleted()));
    return Future.all(store.connect(), outbox.connect())
        .compose(connected -> cache.connect().otherwiseEmpty())
        .compose(connected -> near.isEnabled() ? listen() : Future.succeededFuture())
        .onSuccess(listening -> begin())
        .onFailure(failure -> close());
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    // What is committed by now is told before this process ends, if its relay is the one that
    // works.
    return relay
        .round()
        .otherwise(false)
        .compose(last -> outbox.unlock())
        .otherwiseEmpty()
        .onComplete(last -> close());
  }

  private Future<Void> listen() {
    return subscription
        .connect()
        .compose(subscribed -> subscription.ping())
        .otherwiseEmpty()
        .onSuccess(heard -> pingLater());
  }

  private void begin() {
    gauges.add(
        Gauge.builder("canvas.outbox.lag", () -> lag)
            .description("Age of the oldest committed change that is not relayed")
            .baseUnit("seconds")
            .register(registry));
    gauges.add(
        Gauge.builder("canvas.near.products", near, NearCache::size)
            .description("Products in the process's own memory, about")
            .register(registry));
    vertx.setPeriodic(LAG_MS, tick -> outbox.lag().onSuccess(seconds -> lag = seconds));
    look();
  }

  private void look() {
    if (stopping) {
      return;
    }
    relay
        .round()
        .otherwise(false)
        .onSuccess(
            more -> {
              if (more) {
                look();
              } else {
                vertx.setTimer(LOOK_MS, tick -> look());
              }
            });
  }

  private void pingLater() {
    vertx.setTimer(
        PING_MS,
        tick -> {
          if (!stopping) {
            subscription.ping().onComplete(over -> pingLater());
          }
        });
  }

  private void close() {
    gauges.forEach(registry::remove);
    subscription.close();
    cache.close();
    outbox.close();
    store.close();
  }
}
