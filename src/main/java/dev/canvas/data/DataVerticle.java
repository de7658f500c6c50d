package dev.canvas.data;

import dev.canvas.bus.MediaConsumers;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import dev.canvas.data.write.GroupCommit;
import dev.canvas.data.write.ItemIds;
import dev.canvas.data.write.RepairWatch;
import dev.canvas.data.write.UnknownCommitResolver;
import dev.canvas.data.write.WriteMetrics;
import dev.canvas.data.write.WriteParts;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the media on the event bus, with connections of its own to Redis and to the store. It
 * starts only when the store answers; Redis may come later. Deploy as many as there are cores.
 */
final class DataVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(DataVerticle.class);

  /** Beyond the deadlines of all that a read may wait for; whoever asked has given up by then. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private static final ProductId NOBODYS = new ProductId(ProductId.MAX);

  private final String name;
  private final DataSettings settings;
  private final MediaRules rules;
  private final NearCache near;
  private final MinimumVersions floors;
  private final ConfirmedInstalls installed;
  private final MeterRegistry registry;
  private Store store;
  private Writer writer;
  private BulkStore bulks;
  private Cache cache;
  private GroupCommit writes;
  private RepairWatch repairs;
  private UnknownCommitResolver aftermath;
  private MediaService media;
  private MediaConsumers consumers;
  private final List<Gauge> gauges = new ArrayList<>();

  /**
   * @param name what this instance is called in the metrics, another for each
   * @param rules of what is written over the bus
   * @param near shared by the process
   * @param floors shared by the process
   * @param installed shared by the process
   * @param registry where reads and writes are counted
   */
  DataVerticle(
      String name,
      DataSettings settings,
      MediaRules rules,
      NearCache near,
      MinimumVersions floors,
      ConfirmedInstalls installed,
      MeterRegistry registry) {
    this.name = name;
    this.settings = settings;
    this.rules = rules;
    this.near = near;
    this.floors = floors;
    this.installed = installed;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    store = settings.store().store(context, settings);
    writer = settings.store().writer(context, settings);
    bulks = settings.store().bulkStore(context, settings, store, writer);
    cache = new RedisCache(context, settings, store);
    media = service();
    consumers = new MediaConsumers(vertx, media, rules);
    return Future.all(store.connect(), writer.connect(), bulks.connect())
        .compose(connected -> cache.connect().recover(this::withoutCache))
        .onSuccess(connected -> measure())
        .compose(connected -> warmUp())
        .compose(warm -> consumers.register())
        .onFailure(failure -> close());
  }

  private MediaService service() {
    repairs = new RepairWatch(vertx, writer, floors);
    aftermath = new UnknownCommitResolver(vertx, store, cache, floors, repairs);
    WriteParts parts =
        new WriteParts(
            store,
            writer,
            bulks,
            cache,
            near,
            floors,
            installed,
            new ItemIds(vertx, writer),
            repairs,
            aftermath);
    writes = new GroupCommit(context, parts, new WriteMetrics(registry), settings.bulkTimeout());
    return new CachedStore(vertx, near, cache, store, floors, writes, new ReadMetrics(registry));
  }

  /** Is asked nothing more, answers what is under way, and then closes its connections. */
  @Override
  public Future<?> stop() {
    writes.close();
    return consumers
        .unregister()
        .timeout(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        // What the last answers leave to be filled into the cache goes out at the end of this tick.
        .compose(answered -> vertx.timer(1))
        .onComplete(filled -> close());
  }

  /** What this verticle puts on the bus; to be asked on {@link #loop}. */
  MediaService media() {
    return media;
  }

  /** The event loop that all of this belongs to. */
  Context loop() {
    return context;
  }

  private void close() {
    gauges.forEach(registry::remove);
    repairs.close();
    aftermath.close();
    cache.close();
    bulks.close();
    writer.close();
    store.close();
  }

  private Future<Void> withoutCache(Throwable away) {
    LOG.warn("Started without the cache, reads go to the store: {}", away.getMessage());
    return Future.succeededFuture();
  }

  /** So that the first reader does not pay, against the deadlines, for the loading of classes. */
  private Future<?> warmUp() {
    return Future.join(cache.read(NOBODYS), store.select(NOBODYS)).otherwiseEmpty();
  }

  private void measure() {
    gauges.add(gauge("redis", cache, Cache::isUp));
    gauges.add(gauge(store.source().tier(), store, Store::isUp));
  }

  private <T> Gauge gauge(String tier, T connection, Predicate<T> isUp) {
    return Gauge.builder("canvas.tier.up", connection, tested -> isUp.test(tested) ? 1 : 0)
        .description("Whether this data verticle's connection stands")
        .tags("tier", tier, "verticle", name)
        .register(registry);
  }
}
