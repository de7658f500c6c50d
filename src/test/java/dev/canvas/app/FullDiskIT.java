package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.canvas.embedded.SmallDiskPostgres;
import dev.canvas.embedded.SmallDiskPostgres.Disk;
import dev.canvas.testing.TestServers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A Postgres whose data, or whose write-ahead log, find no room on their disk. */
class FullDiskIT {

  private static final String ITEMS =
      "[{\"type\":\"image\",\"url\":\"https://a.example/1.jpg\",\"alt\":\"%s\"}]"
          .formatted("One ".repeat(50).strip());

  @TempDir private static Path directory;
  private static SmallDiskPostgres postgres;
  private static RunningService service;
  private static long lastProduct;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger outages =
      (Logger) LoggerFactory.getLogger("dev.canvas.data.connection.OutageLog");

  /** Products of a test: one that Redis holds, and one that only Postgres has. */
  private long cached;

  private long stored;

  @BeforeAll
  static void start() throws IOException {
    postgres = SmallDiskPostgres.start(TestServers.BINARIES, directory);
    service =
        new RunningService(
            postgres.uri(),
            TestServers.shared().redisUri(),
            Map.of(
                "CANVAS_REDIS_TIMEOUT", "2s",
                "CANVAS_POSTGRES_TIMEOUT", "10s",
                "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s",
                "CANVAS_POSTGRES_BULK_TIMEOUT", "1s"));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.stop();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @BeforeEach
  void storeAndListen() {
    assertEquals(201, put(++lastProduct).statusCode());
    cached = lastProduct;
    await().until(() -> read(cached).contains("hit; detail=redis"));
    assertEquals(201, put(++lastProduct).statusCode());
    stored = lastProduct;
    outages.setLevel(Level.INFO);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    root.detachAppender(log);
    outages.setLevel(null);
  }

  @Test
  void writesAreUnavailableUntilTheDataHaveRoom() {
    postgres.fill(Disk.DATA);
    HttpResponse<String> refused = put(++lastProduct);
    while (refused.statusCode() == 201) { // It fits into a page that has room.
      refused = put(++lastProduct);
    }
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.body().contains("its disk is full (could not "), refused.body());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent(), refused.body());
    String line =
        service
            .send(
                "POST",
                "/api/media/bulk",
                "application/x-ndjson",
                "{\"product_id\":%d,\"media\":%s}\n".formatted(++lastProduct, ITEMS))
            .body();
    assertTrue(line.contains("\"status\":503") && line.contains("its disk is full"), line);
    assertTrue(
        health().contains("\"status\":\"DEGRADED\",\"reason\":\"its disk is full"), health());
    assertTrue(read(cached).contains("hit; detail=redis"));
    assertTrue(read(stored).contains("fwd=miss; detail=postgres"));
    assertToldOnce("refuses to store (its disk is full (could not ");

    postgres.free();
    assertEquals(201, put(++lastProduct).statusCode());
    assertOver();
  }

  @Test
  void cachedProductsAreReadWhenTheWriteAheadLogHasNoRoom() {
    postgres.fill(Disk.WAL);
    HttpResponse<String> refused;
    do { // Until no segment is left that was created before.
      await().until(() -> service.database().query("select from media_outbox") == null);
      service.database().execute("select pg_switch_wal()");
      refused = put(++lastProduct);
    } while (refused.statusCode() == 201);
    long last = lastProduct;
    assertEquals(503, refused.statusCode(), refused.body());
    // The process that met it has ended, perhaps after the commit, and Postgres with it.
    assertTrue(refused.body().contains("outcome-unknown"), refused.body());
    assertTrue(refused.body().contains("the server closed the connection"), refused.body());
    await().until(() -> !postgres.isRunning());
    await()
        .until(
            () ->
                health()
                    .contains("\"status\":\"DOWN\",\"reason\":\"one of its processes has crashed"));
    assertTrue(health().contains("pg_wal may be full"), health());
    assertTrue(read(cached).contains("hit; detail=redis"));
    HttpResponse<String> next = put(++lastProduct);
    assertEquals(503, next.statusCode(), next.body());
    assertToldOnce("connection lost (");

    postgres.free();
    postgres.start();
    await().until(() -> put(lastProduct).statusCode() / 100 == 2);
    assertOver();
    for (long product = cached; product < last; product++) {
      assertEquals(200, service.get(path(product)).statusCode());
    }
  }

  private void assertToldOnce(String beginning) {
    assertEquals(1, lines().size(), () -> lines().toString());
    assertTrue(lines().get(0).startsWith("Postgres: " + beginning), () -> lines().toString());
  }

  private void assertOver() {
    await().until(() -> lines().size() > 1);
    assertEquals(2, lines().size(), () -> lines().toString());
    assertTrue(
        lines().get(1).startsWith("Postgres: connected again after"), () -> lines().toString());
    assertFalse(health().contains("reason"), health());
  }

  /** Apart from what is told of single commits. */
  private List<String> lines() {
    return List.copyOf(log.list).stream()
        .filter(event -> !event.getLoggerName().endsWith("UnknownCommitResolver"))
        .filter(
            event ->
                event.getLoggerName().startsWith("dev.canvas") || event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static String health() {
    return service.management("/health/ready").body();
  }

  /** The {@code Cache-Status} of a product. */
  private static String read(long product) {
    HttpResponse<String> answer = service.get(path(product));
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue("Cache-Status").orElseThrow();
  }

  private static HttpResponse<String> put(long product) {
    return service.write("PUT", path(product), "{\"media\":%s}".formatted(ITEMS));
  }

  private static String path(long product) {
    return "/api/products/%d/media".formatted(product);
  }
}
