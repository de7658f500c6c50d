package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Tiers;
import dev.canvas.media.Written;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
  private final VersionFloors floors = new VersionFloors();
  private final List<MediaService> services = new ArrayList<>();
  private final DataSettings settings;
  private final Mutant mutant;
  private final NearCache near;
  private final Gate commits = new Gate();
  private final Gate installs = new Gate();
  private final boolean scripted;

  /**
   * @param hasNear whether it has a cache of its own
   * @param scripted whether nothing happens but what a test makes happen: nothing takes long, and
   *     nobody relays
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
            Duration.ofSeconds(2),
            redisUri,
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            new NearSettings(hasNear, 1_000_000, Duration.ofSeconds(5)));
    this.mutant = mutant;
    this.near = new NearCache(settings.near());
    if (!scripted) {
      await(vertx.deployVerticle(new Relays()));
    }
    for (int i = 0; i < LOOPS; i++) {
      Loop loop = new Loop(i);
      await(vertx.deployVerticle(loop));
      services.add(loop);
    }
  }

  /** What its commits pass, their fences set. */
  public Gate commits() {
    return commits;
  }

  /** What its installs pass; where it is shut Redis cannot be reached any more. */
  public Gate installs() {
    return installs;
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

  /** What a data verticle has, on an event loop of its own. */
  private final class Loop extends VerticleBase implements MediaService {

    private final Random random;
    private CachedStore media;

    Loop(long seed) {
      this.random = new Random(seed);
    }

    @Override
    public Future<?> start() {
      Store store = new DelayedStore(new PostgresStore(context, settings), line());
      Writer writer =
          new DelayedWriter(
              new PostgresWriter(context, settings, mutant.commit(WriterSession.COMMIT)),
              line(),
              commits);
      Cache cache =
          new DelayedCache(
              new RedisCache(context, settings, store, mutant::script), line(), installs, mutant);
      RepairWatch repairs = new RepairWatch(vertx, writer, floors);
      WriteParts parts =
          new WriteParts(
              store,
              writer,
              cache,
              near,
              floors,
              new ItemIds(writer),
              repairs,
              new Aftermath(vertx, store, cache, floors, repairs));
      GroupCommit writes = new GroupCommit(context, parts, new WriteMetrics(registry));
      media = new CachedStore(vertx, near, cache, store, floors, writes, new DataMetrics(registry));
      return Future.all(store.connect(), writer.connect()).compose(done -> cache.connect());
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
    public Future<Tiers> tiers() {
      return here(media::tiers);
    }

    private <T> Future<T> here(Supplier<Future<T>> call) {
      Promise<T> answer = Promise.promise();
      context.runOnContext(now -> call.get().onComplete(answer));
      return answer.future();
    }
  }

  /** What the relay verticle has. */
  private final class Relays extends VerticleBase {

    private Subscription subscription;
    private Relay relay;

    @Override
    public Future<?> start() {
      PostgresStore store = new PostgresStore(context, settings);
      RedisCache cache = new RedisCache(context, settings, store, mutant::script);
      Outbox outbox = new PostgresOutbox(context, settings);
      relay = new Relay(outbox, cache, row -> {});
      subscription = new Subscription(context, settings, cache, near);
      return Future.all(store.connect(), outbox.connect())
          .compose(connected -> cache.connect())
          .compose(
              connected -> near.isEnabled() ? subscription.connect() : Future.succeededFuture())
          .onSuccess(
              connected -> {
                vertx.setTimer(RELAY_MS, tick -> round());
                if (near.isEnabled()) {
                  ping();
                }
              });
    }

    private void round() {
      relay.round().onComplete(over -> vertx.setTimer(RELAY_MS, tick -> round()));
    }

    private void ping() {
      subscription.ping().onComplete(over -> vertx.setTimer(PING_MS, tick -> ping()));
    }
  }
}
