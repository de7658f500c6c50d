package dev.canvas.data;

import dev.canvas.bus.MediaConsumers;
import dev.canvas.data.admission.Admission;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.cache.TracedCache;
import dev.canvas.data.read.HitVerifier;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.TracedStore;
import dev.canvas.data.write.GroupCommit;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import dev.canvas.redis.UnsupportedRedisException;
import dev.canvas.trace.CallSpans;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Serves media on the event bus, over connections of its own to Redis and to the store. It starts
 * only when the store answers; Redis may come later. Deploy as many as there are cores.
 */
final class DataVerticle extends VerticleBase {

  /** Longer than all deadlines of a read together; its caller has given up by then. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  /** The highest id, which is not expected to be in use. */
  private static final ProductId WARM_UP_ID = new ProductId(ProductId.MAX);

  private final String name;
  private final DataSettings settings;
  private final DataParts parts;
  private final ProcessState process;
  private final ConnectedTiers tiers;
  private final MediaRules rules;
  private final MeterRegistry registry;
  private StoreFactory.Connections stores;
  private Cache cache;
  private Admission admission;
  private GroupCommit writes;
  private HitVerifier verifier;
  private MediaService media;
  private MediaConsumers consumers;
  private final List<Gauge> gauges = new ArrayList<>();

  /**
   * @param name of this instance in the metrics, unique in the process
   * @param process shared by the verticles of the process
   * @param tiers learns what this one is connected to
   * @param rules that writes over the bus have to meet
   * @param registry where reads and writes are counted
   */
  DataVerticle(
      String name,
      DataSettings settings,
      DataParts parts,
      ProcessState process,
      ConnectedTiers tiers,
      MediaRules rules,
      MeterRegistry registry) {
    this.name = name;
    this.settings = settings;
    this.parts = parts;
    this.process = process;
    this.tiers = tiers;
    this.rules = rules;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    CallSpans spans = CallSpans.of(vertx);
    stores = parts.stores().connections(context);
    cache =
        TracedCache.of(
            parts
                .cache()
                .apply(
                    new RedisCache(
                        context,
                        settings.cache(),
                        process.redisOutages(),
                        stores.store(),
                        parts.scripts(),
                        process.trustedRedis())),
            spans);
    admission = new Admission(vertx, name, registry);
    writes =
        new GroupCommit(
            context, stores, cache, process, admission, registry, settings.timeouts().bulk());
    verifier =
        new HitVerifier(
            vertx, process.near(), cache, stores.bulkStore(), registry, settings.verifySample());
    media =
        new CachedStore(
            vertx,
            process,
            cache,
            TracedStore.of(stores.store(), spans),
            writes,
            admission,
            new ReadMetrics(registry),
            verifier);
    consumers = new MediaConsumers(vertx, media, rules);
    return stores
        .connect()
        .compose(connected -> cache.connect().recover(DataVerticle::withoutCache))
        .onSuccess(connected -> registerGauges())
        .compose(connected -> warmUp())
        .compose(warm -> consumers.register())
        .onSuccess(registered -> tiers.add(name, cache, stores.store()))
        .onFailure(failure -> close());
  }

  /** Takes no further requests, answers those in progress, then closes the connections. */
  @Override
  public Future<?> stop() {
    tiers.remove(name);
    writes.stopWaiting();
    return consumers
        .unregister()
        .timeout(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        // The fills of the last answers are sent at the end of this tick.
        .compose(answered -> vertx.timer(1))
        .onComplete(filled -> close());
  }

  /** The service that this verticle offers on the bus; call it on {@link #loop} only. */
  MediaService media() {
    return media;
  }

  /** The event loop that all of this belongs to. */
  Context loop() {
    return context;
  }

  private void close() {
    gauges.forEach(registry::remove);
    verifier.close();
    admission.close();
    writes.close();
    cache.close();
    stores.close();
  }

  /** Redis may come later, unless it is one that cannot be used. */
  private static Future<Void> withoutCache(Throwable failure) {
    return failure.getCause() instanceof UnsupportedRedisException
        ? Future.failedFuture(failure)
        : Future.succeededFuture();
  }

  /** Loads the classes of a read now, so that the first reader does not wait for them. */
  private Future<?> warmUp() {
    return Future.join(cache.read(WARM_UP_ID), stores.store().select(WARM_UP_ID)).otherwiseEmpty();
  }

  private void registerGauges() {
    gauges.add(gauge("redis", cache, tested -> tested.isUp() && !tested.isRefused()));
    gauges.add(gauge(stores.store().source().tier(), stores.store(), Store::isUp));
  }

  private <T> Gauge gauge(String tier, T connection, Predicate<T> isUp) {
    return Gauge.builder("canvas.tier.up", connection, tested -> isUp.test(tested) ? 1 : 0)
        .description("1 if this data verticle is connected to the tier and may store there, else 0")
        .tags("tier", tier, "verticle", name)
        .register(registry);
  }
}
