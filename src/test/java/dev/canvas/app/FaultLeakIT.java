package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.Holdings;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Signals;
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

/** After any fault under load the program holds what it held before, and answers at once. */
class FaultLeakIT {

  /** So that other work of this machine is no fault; together less than the bus waits. */
  private static final Map<String, String> PATIENCE =
      Map.of("CANVAS_REDIS_TIMEOUT", "400ms", "CANVAS_POSTGRES_TIMEOUT", "450ms");

  private static final Duration FAULT = Duration.ofMillis(1_200);
  private static final long TOO_SLOW_MS = 500;
  private static final long TOO_NARROW = 300;

  /** Connections, timers, and those who wait for an answer. */
  private static final List<String> KEPT =
      List.of(
          "dev.canvas.data.Flight",
          "dev.canvas.data.PostgresLink",
          "dev.canvas.data.RedisLink",
          "io.netty.util.concurrent.ScheduledFutureTask",
          "io.vertx.core.eventbus.impl.ReplyHandler",
          "io.vertx.core.impl.VertxImpl$InternalTimerHandler",
          "io.vertx.core.net.impl.NetSocketImpl");

  private static KillableServers servers;
  private static TestDatabase database;
  private static TcpProxy redis;
  private static TcpProxy postgres;
  private static CanvasProcess canvas;
  private static int port;
  private static Everything atRest;

  /** No other has been asked for yet. */
  private static long product = 1_000;

  private record Everything(int redisClients, String postgresConnections, Holdings holdings) {

    static Everything now() {
      return new Everything(
          servers.redisClients() - 1,
          database.query("select count(*) from pg_stat_activity where application_name = 'canvas'"),
          Holdings.of(canvas.pid(), KEPT));
    }
  }

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    database = new TestDatabase(servers.postgres().uri());
    redis = new TcpProxy(servers.redis().uri());
    postgres = new TcpProxy(database.uri());
    Map<String, String> environment = new HashMap<>(PATIENCE);
    environment.put("CANVAS_AUTH_MODE", "none");
    environment.put("CANVAS_CACHE_NEAR_ENABLED", "false");
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.put("CANVAS_POSTGRES_URI", postgres.uri());
    environment.put("CANVAS_REDIS_URI", redis.uri());
    canvas = new CanvasProcess(environment, "serve");
    port = Integer.parseInt(canvas.awaitLine("serves on http://\\S+:(\\d+) "));
    database.execute("insert into product_media (product_id, media) values (1, '[]')");
    try (Load load = cachedReads()) {
      askForOthers(Duration.ofSeconds(1));
      assertTrue(load.answers() > 0);
    }
    // The first look makes the program open what later looks need.
    Everything.now();
    atRest = Everything.now();
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
        fault("Redis frozen", () -> Signals.freeze(servers.redis().pid())),
        fault("Redis slow", () -> redis.delay(Duration.ofMillis(TOO_SLOW_MS))),
        fault("Redis on a narrow line", () -> redis.limit(TOO_NARROW)),
        fault("Redis silent", () -> redis.stall()),
        fault("Redis cut off", () -> redis.cut()),
        fault("Redis refusing", () -> refuse(redis)),
        fault("Postgres killed", () -> servers.postgres().kill()),
        fault("Postgres frozen", () -> Signals.freeze(servers.postgres().pid())),
        fault("Postgres slow", () -> postgres.delay(Duration.ofMillis(TOO_SLOW_MS))),
        fault("Postgres on a narrow line", () -> postgres.limit(TOO_NARROW)),
        fault("Postgres silent", () -> postgres.stall()),
        fault("Postgres cut off", () -> postgres.cut()),
        fault("Postgres refusing", () -> refuse(postgres)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void nothingIsLeftBehindAndAllAreAnswered(String name, Runnable fault) {
    try (Load load = cachedReads()) {
      fault.run();
      askForOthers(FAULT);
      servers.mend();
      redis.mend();
      postgres.mend();
      await().atMost(Duration.ofSeconds(5)).until(FaultLeakIT::allAreAnswered);
      long answers = load.answers();
      await().atMost(Duration.ofSeconds(5)).until(() -> load.answers() > answers + 20);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertEquals(atRest, Everything.now()));
  }

  private static Arguments fault(String name, Runnable fault) {
    return Arguments.of(name, fault);
  }

  private static void refuse(TcpProxy proxy) {
    proxy.refuse();
    proxy.cut();
  }

  private static Load cachedReads() {
    return new Load(port, "/api/products/1/media", 2, 0);
  }

  /** Asks for one product after the other: an answer, if only that there is none, comes soon. */
  private static void askForOthers(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      int status = ask();
      assertTrue(status == 404 || status == 503, "status " + status);
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
      assertTrue(millis < 2_000, status + " after " + millis + " ms");
    }
  }

  /** Each event loop has connections of its own, so several answers have to agree. */
  private static boolean allAreAnswered() {
    return Stream.generate(FaultLeakIT::ask).limit(20).allMatch(status -> status == 404);
  }

  private static int ask() {
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
