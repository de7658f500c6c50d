package dev.canvas.data;

import dev.canvas.bus.Codecs;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.postgres.PostgresStoreFactory;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.redis.RedisSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The data side of one process, assembled as in production by {@link DataNode}, except that its
 * calls to Redis and Postgres are slow now and then, that one rule of the protocol can be broken,
 * and that its relay works seldom or on command. Thread-safe.
 */
public final class DelayedNode implements AutoCloseable {

  private static final int LOOPS = 2;

  /** Much less often than in production, so that it does not hide what others leave behind. */
  private static final long RELAY_MS = 250;

  private static final long PING_MS = 100;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS + 1));
  private final DataNode node;
  private final List<MediaService> services = new ArrayList<>();
  private final Gate answers = new Gate();
  private final Gate fills = new Gate();
  private final Gate commits = new Gate();
  private final Gate installs = new Gate();
  private final Map<Long, Long> relayed = new ConcurrentHashMap<>();
  private final AtomicLong seeds = new AtomicLong();
  private final boolean scripted;
  private final boolean hasNear;
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RelayOnCommand relay = new RelayOnCommand();

  /**
   * @param hasNear whether it has a near cache
   * @param scripted whether only the test makes things happen: no call is slow, and neither the
   *     relay nor the pings of the near cache run by themselves
   * @param verified the share of the cached answers that the node compares with the store
   */
  public DelayedNode(
      String postgresUri,
      String redisUri,
      Mutant mutant,
      boolean hasNear,
      boolean scripted,
      double verified) {
    this.scripted = scripted;
    this.hasNear = hasNear;
    // A script may hold a row against a commit.
    Duration write = Duration.ofSeconds(scripted ? 20 : 2);
    StoreFactory.Timeouts timeouts = new StoreFactory.Timeouts(Duration.ofSeconds(2), write, write);
    PostgresSettings postgres = PostgresSettings.of(postgresUri);
    DataSettings settings =
        new DataSettings(
            StoreKind.POSTGRES,
            postgres,
            null,
            timeouts,
            new CacheSettings(
                RedisSettings.of(redisUri),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                new CacheSettings.Near(hasNear, 1_000_000, Duration.ofSeconds(5))),
            verified);
    this.node =
        new DataNode(
            settings,
            new MediaRules(false),
            registry,
            new DataParts(
                new DelayedStores(
                    new PostgresStoreFactory(postgres, timeouts, mutant.commitSql()),
                    this::line,
                    answers,
                    commits,
                    mutant),
                mutant::script,
                cache -> new DelayedCache(cache, line(), fills, installs, mutant)));
    Codecs.register(vertx.eventBus());
    await(vertx.deployVerticle(relay));
    for (int i = 0; i < LOOPS; i++) {
      DataVerticle verticle = (DataVerticle) node.data("data-" + i);
      await(vertx.deployVerticle(verticle));
      services.add(new LoopService(verticle));
    }
  }

  /** Its event loops. */
  public Vertx vertx() {
    return vertx;
  }

  /** The gate that the store's answers to selects pass. */
  public Gate answers() {
    return answers;
  }

  /** The gate that fills pass, after the store has answered. */
  public Gate fills() {
    return fills;
  }

  /** The gate that commits pass, after their fences are set. */
  public Gate commits() {
    return commits;
  }

  /** The gate that installs pass; if it is shut, Redis is unreachable for all writes. */
  public Gate installs() {
    return installs;
  }

  /** Relays one batch of changes; for a scripted node. */
  public Future<Void> relay() {
    return relay.onLoop(() -> relay.loop.round()).mapEmpty();
  }

  /**
   * Completes when this node has received every invalidation published before, and its near cache
   * may answer for half a second; for a scripted node.
   */
  public Future<Void> ping() {
    return relay.onLoop(() -> relay.loop.ping());
  }

  /** The latest version of each product that this node's relay has relayed. */
  public Map<Long, Long> relayed() {
    return Map.copyOf(relayed);
  }

  /** How many stale answers the node has found in its caches. */
  public double staleReads() {
    return registry.find("canvas.stale.reads").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** The media service of each event loop. */
  public List<MediaService> services() {
    return List.copyOf(services);
  }

  @Override
  public void close() {
    // Otherwise the connections end before the verticles, which would take that for an outage.
    vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));
    await(vertx.close());
  }

  private DelayLine line() {
    return new DelayLine(vertx, scripted ? null : new Random(seeds.getAndIncrement()));
  }

  private static void await(Future<?> future) {
    try {
      future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  /** The relay of the node, on a schedule of its own or on the test's command. */
  private final class RelayOnCommand extends VerticleBase {

    private RelayLoop loop;

    @Override
    public Future<?> start() {
      loop =
          node.relayLoop(
              context,
              change -> relayed.merge(change.productId().value(), change.version(), Math::max));
      return loop.connect()
          .onSuccess(
              connected -> {
                if (!scripted) {
                  vertx.setTimer(RELAY_MS, tick -> round());
                }
                if (!scripted && hasNear) {
                  pingAgain();
                }
              });
    }

    @Override
    public Future<?> stop() {
      loop.close();
      return Future.succeededFuture();
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> call) {
      Promise<T> answer = Promise.promise();
      context.runOnContext(tick -> call.get().onComplete(answer));
      return answer.future();
    }

    private void round() {
      loop.round().onComplete(done -> vertx.setTimer(RELAY_MS, tick -> round()));
    }

    private void pingAgain() {
      loop.ping().onComplete(done -> vertx.setTimer(PING_MS, tick -> pingAgain()));
    }
  }
}
