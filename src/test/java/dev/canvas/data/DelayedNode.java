package dev.canvas.data;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.NearSettings;
import dev.canvas.data.cache.RedisCache;
import dev.canvas.data.cache.Subscription;
import dev.canvas.data.postgres.PostgresBulkStore;
import dev.canvas.data.postgres.PostgresOutbox;
import dev.canvas.data.postgres.PostgresStore;
import dev.canvas.data.postgres.PostgresWriter;
import dev.canvas.data.postgres.WriterSession;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;
import dev.canvas.data.write.GroupCommit;
import dev.canvas.data.write.ItemIds;
import dev.canvas.data.write.Relay;
import dev.canvas.data.write.RepairWatch;
import dev.canvas.data.write.UnknownCommitResolver;
import dev.canvas.data.write.WriteMetrics;
import dev.canvas.data.write.WriteParts;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The data side of one process, put together from its parts so that its calls to Redis and Postgres
 * take a moment now and then, and one rule of the protocol can be broken. Thread-safe.
 */
public final class DelayedNode implements AutoCloseable {

  private static final int LOOPS = 2;

  /** Much less often than it should, so that it does not hide what others leave behind. */
  private static final long RELAY_MS = 250;

  private static final long PING_MS = 100;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS + 1));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MinimumVersions floors = new MinimumVersions();
  private final ConfirmedInstalls installed = new ConfirmedInstalls();
  private final List<MediaService> services = new ArrayList<>();
  private final DataSettings settings;
  private final Mutant mutant;
  private final NearCache near;
  private final Gate answers = new Gate();
  private final Gate fills = new Gate();
  private final Gate commits = new Gate();
  private final Gate installs = new Gate();
  private final Map<Long, Long> told = new ConcurrentHashMap<>();
  private final boolean scripted;
  private final Relays relays = new Relays();

  /**
   * @param hasNear whether it has a cache of its own
   * @param scripted whether nothing happens but what a test makes happen: nothing takes long, and
   *     nobody relays, nor makes sure that changes are heard, by himself
   */
  public DelayedNode(
      String postgresUri, String redisUri, Mutant mutant, boolean hasNear, boolean scripted) {
    this.scripted = scripted;
    this.settings =
        new DataSettings(
            StoreKind.POSTGRES,
            postgresUri,
            null,
            Duration.ofSeconds(2),
            // A script may hold a row against a commit.
            Duration.ofSeconds(scripted ? 20 : 2),
            Duration.ofSeconds(scripted ? 20 : 2),
            redisUri,
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            new NearSettings(hasNear, 1_000_000, Duration.ofSeconds(5)));
    this.mutant = mutant;
    this.near = new NearCache(settings.near());
    await(vertx.deployVerticle(relays));
    for (int i = 0; i < LOOPS; i++) {
      Loop loop = new Loop(i);
      await(vertx.deployVerticle(loop));
      services.add(loop);
    }
  }

  /** What the store's answers to its selects pass. */
  public Gate answers() {
    return answers;
  }

  /** What its fills pass, the store having answered. */
  public Gate fills() {
    return fills;
  }

  /** What its commits pass, their fences set. */
  public Gate commits() {
    return commits;
  }

  /** What its installs pass; where it is shut Redis cannot be reached any more. */
  public Gate installs() {
    return installs;
  }

  /** Relays what is in the outbox, once; for a scripted node. */
  public Future<Void> relay() {
    return relays.here(relays.relay::round).mapEmpty();
  }

  /**
   * Completes when this node has heard of all that was changed before, and its own cache may answer
   * for half a second; for a scripted node.
   */
  public Future<Void> hear() {
    return relays.here(relays.subscription::ping);
  }

  /** The newest version of each product that this node's relay has told of. */
  public Map<Long, Long> told() {
    return Map.copyOf(told);
  }

  /** One of each event loop. */
  public List<MediaService> services() {
    return List.copyOf(services);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  private static <T> Future<T> on(Context loop, Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    loop.runOnContext(now -> call.get().onComplete(answer));
    return answer.future();
  }

  /** What a data verticle has, on an event loop of its own. */
  private final class Loop extends VerticleBase implements MediaService {

    private final Random random;
    private CachedStore media;

    Loop(long seed) {
      this.random = new Random(seed);
    }

    @Override
    public Future<?> start() {
      Store store = new DelayedStore(new PostgresStore(context, settings), line(), answers);
      Writer writer =
          new DelayedWriter(
              new PostgresWriter(
                  context, settings, mutant.change(), mutant.commit(WriterSession.COMMIT)),
              line(),
              commits);
      BulkStore bulks =
          new DelayedBulkStore(new PostgresBulkStore(context, settings), line(), answers, commits);
      Cache cache =
          new DelayedCache(
              new RedisCache(context, settings, store, mutant::script),
              line(),
              fills,
              installs,
              mutant);
      RepairWatch repairs = new RepairWatch(vertx, writer, floors);
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
              new UnknownCommitResolver(vertx, store, cache, floors, repairs));
      GroupCommit writes =
          new GroupCommit(context, parts, new WriteMetrics(registry), settings.bulkTimeout());
      media = new CachedStore(vertx, near, cache, store, floors, writes, new ReadMetrics(registry));
      return Future.all(store.connect(), writer.connect(), bulks.connect())
          .compose(done -> cache.connect());
    }

    private DelayLine line() {
      return new DelayLine(vertx, scripted ? null : random);
    }

    @Override
    public Future<Lookup> get(ProductId productId) {
      return here(() -> media.get(productId));
    }

    @Override
    public Future<List<Lookup>> batch(List<ProductId> productIds) {
      return here(() -> media.batch(productIds));
    }

    @Override
    public Future<List<Lookup>> page(ProductId from, int limit) {
      return here(() -> media.page(from, limit));
    }

    @Override
    public Future<Written> write(Change change) {
      return here(() -> media.write(change));
    }

    @Override
    public Future<List<Outcome>> writeAll(List<Change> changes) {
      return here(() -> media.writeAll(changes));
    }

    @Override
    public Future<MediaService.Tiers> tiers() {
      return here(media::tiers);
    }

    private <T> Future<T> here(Supplier<Future<T>> call) {
      return on(context, call);
    }
  }

  /** What the relay verticle has. */
  private final class Relays extends VerticleBase {

    private Subscription subscription;
    private Relay relay;

    @Override
    public Future<?> start() {
      PostgresStore store = new PostgresStore(context, settings);
      RedisCache cache = RedisCache.ofRelay(context, settings, store, mutant::script);
      Outbox outbox = new PostgresOutbox(context, settings);
      relay =
          new Relay(
              outbox,
              cache,
              installed,
              row -> told.merge(row.productId().value(), row.version(), Math::max));
      subscription = new Subscription(context, settings, cache, near);
      return Future.all(store.connect(), outbox.connect())
          .compose(connected -> cache.connect())
          .compose(
              connected -> near.isEnabled() ? subscription.connect() : Future.succeededFuture())
          .onSuccess(
              connected -> {
                if (!scripted) {
                  vertx.setTimer(RELAY_MS, tick -> round());
                }
                if (!scripted && near.isEnabled()) {
                  ping();
                }
              });
    }

    <T> Future<T> here(Supplier<Future<T>> call) {
      return on(context, call);
    }

    private void round() {
      relay.round().onComplete(over -> vertx.setTimer(RELAY_MS, tick -> round()));
    }

    private void ping() {
      subscription.ping().onComplete(over -> vertx.setTimer(PING_MS, tick -> ping()));
    }
  }
}
