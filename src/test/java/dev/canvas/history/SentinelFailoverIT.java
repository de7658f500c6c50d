package dev.canvas.history;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.SentinelRedis;
import dev.canvas.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills the master of a Redis with Sentinels while a service is read and written at a fixed rate,
 * whatever happens to earlier calls: no read of a cached product fails, none is stale, no write is
 * lost, and writes are confirmed again within five seconds.
 */
class SentinelFailoverIT {

  private static final int PRODUCTS = 200;

  /** 100 reads and 25 writes per second: also after a pause no call needs a new connection. */
  private static final long TICK_MS = 10;

  private static final int READS_PER_WRITE = 4;

  /** Those that are being written are read from the store. */
  private static final double MOST = 0.9;

  /** A call without an answer for so long has been lost; a busy machine alone is not that slow. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration WRITES_BACK = Duration.ofSeconds(5);

  /** How many writes are judged after that time. */
  private static final int LATER = 20;

  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(30);

  private final Vertx clients = Vertx.vertx();
  private final Recorder recorder = new Recorder();
  private final AtomicInteger callers = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  /** When the last write of each product has ended. */
  private final Map<Long, Long> written = new ConcurrentHashMap<>();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKilledMasterFailsNoCachedReadAndLosesNoWrite(boolean near) throws Exception {
    try (SentinelRedis redis = new SentinelRedis(directory);
        PostgresTestStore store = new PostgresTestStore(TestServers.shared().postgresUri());
        Node node = new Node("node", settings(store, redis, near))) {
      Channel channel = new DocumentsChannel(1, new HttpCalls(clients, node::port, PATIENCE));
      for (long product = 1; product <= PRODUCTS; product++) {
        caller(channel).write(product).await(60, TimeUnit.SECONDS);
      }
      awaitHits(channel, PRODUCTS);
      long load = clients.setPeriodic(TICK_MS, tick -> call(channel));
      awaitAnswers(300);
      long killed = recorder.now();
      redis.killMaster();
      await().atMost(SOON).until(redis::isPromoted);
      awaitHitsBesideWrites(channel);
      await().atMost(SOON).until(() -> laterWrites(killed).size() >= LATER);
      clients.cancelTimer(load);
      await().atMost(SOON).until(() -> open.get() == 0);
      awaitHits(channel, PRODUCTS);
      List<Operation> history = recorder.operations();
      assertEquals(List.of(), new Checker(UNKNOWN_LIFE, Duration.ZERO).check(history));
      assertEquals(
          List.of(), history.stream().filter(each -> each.isRead() && !each.isOk()).toList());
      Operation back =
          history.stream()
              .filter(each -> !each.isRead() && each.isOk() && each.invoked() > killed)
              .min((a, b) -> Long.compare(a.completed(), b.completed()))
              .orElseThrow();
      assertTrue(back.completed() - killed < WRITES_BACK.toNanos(), back::toString);
      List<Operation> later = laterWrites(killed);
      long confirmed = later.stream().filter(Operation::isOk).count();
      assertTrue(confirmed > later.size() * 9 / 10, () -> confirmed + " of " + later.size());
    } finally {
      clients.close().await();
    }
  }

  /** Writes that began when they should be back. A busy service may always refuse an import. */
  private List<Operation> laterWrites(long killed) {
    return recorder.operations().stream()
        .filter(each -> !each.isRead() && !each.note().contains("bulk"))
        .filter(each -> each.outcome() != Operation.Outcome.REFUSED)
        .filter(each -> each.invoked() - killed > WRITES_BACK.toNanos())
        .toList();
  }

  private static Map<String, String> settings(
      PostgresTestStore store, SentinelRedis redis, boolean near) {
    return Map.ofEntries(
        Map.entry("CANVAS_HTTP_HOST", "127.0.0.1"),
        Map.entry("CANVAS_HTTP_PORT", "0"),
        Map.entry("CANVAS_MANAGEMENT_PORT", "0"),
        Map.entry("CANVAS_AUTH_MODE", "none"),
        Map.entry("CANVAS_POSTGRES_URI", store.database().uri()),
        // On a busy machine a deadline of milliseconds is missed without a fault.
        Map.entry("CANVAS_POSTGRES_TIMEOUT", "5s"),
        Map.entry("CANVAS_POSTGRES_WRITE_TIMEOUT", "2s"),
        Map.entry("CANVAS_REDIS_TIMEOUT", "1s"),
        Map.entry("CANVAS_REDIS_URI", redis.uri()),
        Map.entry("CANVAS_CACHE_NEAR_ENABLED", Boolean.toString(near)));
  }

  /** Each call has a client of its own, because calls overlap. */
  private RecordingClient caller(Channel channel) {
    return new RecordingClient(recorder, channel, callers.incrementAndGet());
  }

  private void call(Channel channel) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    start(caller(channel).read(1 + random.nextLong(PRODUCTS)));
    if (random.nextInt(READS_PER_WRITE) == 0) {
      long product = 1 + random.nextLong(PRODUCTS);
      written.put(product, Long.MAX_VALUE);
      start(
          caller(channel).write(product).onComplete(done -> written.put(product, recorder.now())));
    }
  }

  private void start(Future<Answer> call) {
    open.incrementAndGet();
    call.onComplete(done -> open.decrementAndGet());
  }

  private void awaitAnswers(int more) {
    int before = recorder.operations().size();
    await().atMost(SOON).until(() -> recorder.operations().size() > before + more);
  }

  /**
   * Waits until most of the products that nobody has written since they were read last are answered
   * by a cache. On a busy machine more are written meanwhile, so their number says nothing.
   */
  private void awaitHitsBesideWrites(Channel channel) {
    AtomicLong readLast = new AtomicLong(recorder.now());
    await()
        .atMost(SOON)
        .until(
            () -> {
              long since = readLast.getAndSet(recorder.now());
              List<Answer> answers = readAll(channel);
              int unwritten = 0;
              int hits = 0;
              for (int i = 0; i < PRODUCTS; i++) {
                if (written.getOrDefault(i + 1L, 0L) < since) {
                  unwritten++;
                  hits += answers.get(i).note().contains("hit") ? 1 : 0;
                }
              }
              return unwritten > 0 && hits >= unwritten * MOST;
            });
  }

  private List<Answer> readAll(Channel channel) throws TimeoutException {
    return Future.join(
            LongStream.rangeClosed(1, PRODUCTS)
                .mapToObj(product -> caller(channel).read(product))
                .toList())
        .await(60, TimeUnit.SECONDS)
        .list();
  }

  /** Waits until so many products, read at once, are answered by a cache. */
  private void awaitHits(Channel channel, int hits) {
    await()
        .atMost(SOON)
        .until(
            () ->
                readAll(channel).stream().filter(answer -> answer.note().contains("hit")).count()
                    >= hits);
  }
}
