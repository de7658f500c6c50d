package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.embedded.DebianPostgres;
import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two nodes under load, whose primary is killed and whose synchronous standby is promoted: no
 * confirmed write is lost, no read is stale, and no cached read fails.
 */
class FailoverIT {

  private static final Logger LOG = LoggerFactory.getLogger(FailoverIT.class);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long PACE_NANOS = 2_000_000;

  /** The products that are written all the time; those after them are only read. */
  private static final int WRITTEN = 10;

  private static final int PRODUCTS = 40;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s",
          "CANVAS_REDIS_TIMEOUT", "1s",
          "CANVAS_DATA_INSTANCES", "1",
          "CANVAS_CACHE_NEAR_ENABLED", "false");

  private final RedisServer redis = KillableServers.anotherRedis();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Long, Long> confirmed = new ConcurrentHashMap<>();
  private final AtomicReference<String> fault = new AtomicReference<>("");
  private final AtomicLong writes = new AtomicLong();
  private volatile boolean over;
  private DebianPostgres postgres;
  private List<RunningService> nodes = List.of();

  @BeforeEach
  void start() throws IOException {
    postgres = DebianPostgres.start(Files.createTempDirectory("canvas-failover"));
    nodes = List.of(node(), node());
    postgres.run(OperationsDocument.commands("Add a standby"));
    await()
        .atMost(SOON)
        .until(() -> postgres.query("select sync_state from pg_stat_replication").equals("sync"));
  }

  @AfterEach
  void stop() {
    endLoad();
    nodes.forEach(RunningService::close);
    postgres.close();
    redis.close();
  }

  @Test
  void theFailoverToASynchronousStandbyLosesNothingAndFailsNoCachedRead() {
    for (long id = 1; id <= PRODUCTS; id++) {
      write(id, "/0.webp");
      long product = id;
      nodes.forEach(node -> await().atMost(SOON).until(() -> isHit(read(node, product))));
    }
    nodes.forEach(node -> begin(() -> readAll(node)));
    begin(this::writeAll);
    awaitWrites(20);
    postgres.run("kill -9 $(head -1 \"$PGDATA/postmaster.pid\")");
    postgres.run(OperationsDocument.commands("Promote the standby"));
    long promoted = System.nanoTime();
    awaitWrites(1);
    LOG.info(
        "Writes were back {} ms after the promotion", (System.nanoTime() - promoted) / 1_000_000);
    awaitWrites(20);
    nodes.forEach(node -> await().atMost(SOON).until(() -> isHit(read(node, PRODUCTS))));
    endLoad();
    assertEquals("", fault.get());
    confirmed.forEach(
        (id, version) ->
            nodes.forEach(
                node -> assertTrue(version(read(node, id)) >= version, "lost a write of " + id)));
  }

  private RunningService node() {
    return new RunningService(new ExistingDatabase(postgres.uriOfBoth()), redis.uri(), SETTINGS);
  }

  private void begin(Runnable load) {
    Thread thread = new Thread(load);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  private void endLoad() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  /** Waits for so many further writes. */
  private void awaitWrites(int more) {
    long enough = writes.get() + more;
    await().atMost(SOON).until(() -> writes.get() >= enough);
  }

  private void writeAll() {
    for (int i = 1; !over; i++) {
      write(1 + i % WRITTEN, "/" + i + ".webp");
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  private void write(long id, String url) {
    HttpResponse<String> answer =
        nodes
            .get(0)
            .write(
                "PUT",
                path(id),
                "{\"media\":[{\"type\":\"image\",\"url\":\"%s\"}]}".formatted(url));
    if (answer.statusCode() < 300) {
      confirmed.put(id, version(answer));
      writes.incrementAndGet();
    }
  }

  private void readAll(RunningService node) {
    while (!over) {
      for (long id = 1; id <= PRODUCTS && !over; id++) {
        long least = confirmed.get(id);
        HttpResponse<String> answer = read(node, id);
        boolean answered = answer.statusCode() == 200;
        if (answered ? version(answer) < least : id > WRITTEN) {
          fault.compareAndSet(
              "", "product " + id + ": " + answer + " " + answer.body() + ", expected " + least);
        }
        LockSupport.parkNanos(PACE_NANOS);
      }
    }
  }

  private static HttpResponse<String> read(RunningService node, long id) {
    return node.get(path(id));
  }

  private static boolean isHit(HttpResponse<String> answer) {
    return answer.headers().firstValue("Cache-Status").orElse("").contains("hit");
  }

  private static String path(long id) {
    return "/api/products/" + id + "/media";
  }

  private static long version(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getLong("version");
  }
}
