package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessResources;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestDatabase;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After any fault under load, the process leaks nothing and responds again. */
class FaultLeakIT {

  /** Long enough for a busy machine; together shorter than the send timeout of the event bus. */
  private static final Map<String, String> TIMEOUTS =
      Map.of("CANVAS_REDIS_TIMEOUT", "400ms", "CANVAS_POSTGRES_TIMEOUT", "450ms");

  private static final Duration FAULT = Duration.ofMillis(1_200);
  private static final long SLOW_DELAY_MS = 500;
  private static final long NARROW_BYTES_PER_SECOND = 300;

  /** Connections, what makes them, timers, and pending reads. */
  private static final List<String> COUNTED_CLASSES =
      List.of(
          "dev.canvas.data.read.ReadThrough$Flight",
          "dev.canvas.data.postgres.PostgresLink",
          "dev.canvas.data.cache.RedisLink",
          "io.netty.util.concurrent.ScheduledFutureTask",
          "io.vertx.core.eventbus.impl.ReplyHandler",
          "io.vertx.core.impl.VertxImpl$InternalTimerHandler",
          "io.vertx.core.net.impl.NetClientImpl",
          "io.vertx.core.net.impl.NetSocketImpl");

  private static KillableServers servers;
  private static TestDatabase database;
  private static TcpProxy redis;
  private static TcpProxy postgres;
  private static CanvasProcess canvas;
  private static int port;
  private static Resources atRest;

  /** Incremented for each read, so that no product is read twice. */
  private static long product = 1_000;

  private record Resources(
      int redisClients, String postgresConnections, ProcessResources holdings) {

    static Resources now() {
      return new Resources(
          servers.redisClients() - 1,
          database.query("select count(*) from pg_stat_activity where application_name = 'canvas'"),
          ProcessResources.of(canvas.pid(), COUNTED_CLASSES));
    }
  }

  @BeforeAll
  static void start() throws ClassNotFoundException {
    for (String name : COUNTED_CLASSES) {
      Class.forName(name, false, FaultLeakIT.class.getClassLoader());
    }
    servers = new KillableServers();
    database = new TestDatabase(servers.postgres().uri());
    redis = new TcpProxy(servers.redis().uri());
    postgres = new TcpProxy(database.uri());
    Map<String, String> environment = new HashMap<>(TIMEOUTS);
    environment.put("CANVAS_AUTH_MODE", "none");
    environment.put("CANVAS_CACHE_NEAR_ENABLED", "false");
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.put("CANVAS_POSTGRES_URI", postgres.uri());
    environment.put("CANVAS_REDIS_URI", redis.uri());
    canvas = new CanvasProcess(environment, "serve");
    port = Integer.parseInt(canvas.awaitLine("serves on http://\\S+:(\\d+) "));
    database.execute("insert into product_media (product_id, media) values (1, '[]')");
    try (LoadGenerator load = cachedReads()) {
      readMissingProducts(Duration.ofSeconds(1));
      assertTrue(load.responses() > 0);
    }
    // The first count makes the process open what later counts need. Closed connections linger for
    // two seconds.
    atRest = Resources.now();
    await()
        .atMost(Duration.ofSeconds(180))
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () -> {
              Resources before = atRest;
              atRest = Resources.now();
              return atRest.equals(before);
            });
  }

  @AfterAll
  static void stop() {
    canvas.close();
    redis.close();
    postgres.close();
    database.close();
    servers.close();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("Redis killed", () -> servers.redis().kill()),
        fault("Redis frozen", () -> ProcessSignals.freeze(servers.redis().pid())),
        fault("Redis slow", () -> redis.delay(Duration.ofMillis(SLOW_DELAY_MS))),
        fault("Redis on a narrow line", () -> redis.limit(NARROW_BYTES_PER_SECOND)),
        fault("Redis silent", () -> redis.stall()),
        fault("Redis cut off", () -> redis.cut()),
        fault("Redis refusing", () -> refuse(redis)),
        fault("Postgres killed", () -> servers.postgres().kill()),
        fault("Postgres frozen", () -> ProcessSignals.freeze(servers.postgres().pid())),
        fault("Postgres slow", () -> postgres.delay(Duration.ofMillis(SLOW_DELAY_MS))),
        fault("Postgres on a narrow line", () -> postgres.limit(NARROW_BYTES_PER_SECOND)),
        fault("Postgres silent", () -> postgres.stall()),
        fault("Postgres cut off", () -> postgres.cut()),
        fault("Postgres refusing", () -> refuse(postgres)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void faultLeaksNothingAndReadsRecover(String name, Runnable fault) {
    try (LoadGenerator load = cachedReads()) {
      fault.run();
      readMissingProducts(FAULT);
      servers.mend();
      redis.mend();
      postgres.mend();
      await().atMost(Duration.ofSeconds(60)).until(FaultLeakIT::allReadsSucceed);
      long responses = load.responses();
      await().atMost(Duration.ofSeconds(60)).until(() -> load.responses() > responses + 20);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertEquals(atRest, Resources.now()));
  }

  private static Arguments fault(String name, Runnable fault) {
    return Arguments.of(name, fault);
  }

  private static void refuse(TcpProxy proxy) {
    proxy.refuse();
    proxy.cut();
  }

  private static LoadGenerator cachedReads() {
    return new LoadGenerator(port, "/api/products/1/media", 2, 0);
  }

  /** Reads one missing product after the other; each response arrives in time. */
  private static void readMissingProducts(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      long startNanos = System.nanoTime();
      int status = readMissing();
      assertTrue(status == 404 || status == 503, "status " + status);
      long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
      assertTrue(millis < 8_000, status + " after " + millis + " ms");
    }
  }

  /** Checks several responses, as each event loop has its own connections. */
  private static boolean allReadsSucceed() {
    return Stream.generate(FaultLeakIT::readMissing).limit(20).allMatch(status -> status == 404);
  }

  private static int readMissing() {
    String url = "http://127.0.0.1:" + port + "/api/products/" + ++product + "/media";
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setRequestProperty("Connection", "close");
      connection.setReadTimeout(10_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
