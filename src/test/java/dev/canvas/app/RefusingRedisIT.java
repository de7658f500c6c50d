package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * A Redis that answers, but refuses what Canvas does. Products are read all the same; the reason is
 * in one log line and in the health, and the end of it in another.
 */
class RefusingRedisIT {

  private static final RedisServer REDIS = KillableServers.anotherRedis();
  private static final AtomicLong PRODUCTS = new AtomicLong();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger outages =
      (Logger) LoggerFactory.getLogger("dev.canvas.data.connection.OutageLog");

  @BeforeEach
  void listen() {
    outages.setLevel(Level.INFO);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void mend() {
    root.detachAppender(log);
    outages.setLevel(null);
    send("CONFIG SET maxmemory 256mb");
    send("CONFIG SET maxmemory-policy allkeys-lru");
    send("CONFIG SET min-replicas-to-write 0");
    send("CONFIG SET save \"\"");
  }

  @AfterAll
  static void stop() {
    REDIS.close();
  }

  @ParameterizedTest
  @CsvSource({
    "channels,~* resetchannels +@all,lacks a right (NOPERM",
    "publish,~* &* +@all -publish,lacks a right (NOPERM",
    "scripts,~* &* +@all -eval,lacks a right (NOPERM"
  })
  void aUserWithoutARight(String user, String rights, String reason) {
    String password = Secrets.secret("pw");
    send("ACL SETUSER %s reset on >%s %s".formatted(user, password, rights));
    String uri = REDIS.uri().replace("://", "://%s:%s@".formatted(user, password));
    try (RunningService service = service(uri)) {
      await().until(() -> health(service, "reason").contains(reason));
      assertEquals("DOWN", health(service, "status"));
      assertTrue(read(service).contains("fwd=bypass"));
      send("ACL SETUSER %s reset on >%s ~* &* +@all".formatted(user, password));
      assertRecovers(service);
    }
    assertTold("unreachable", reason);
  }

  @ParameterizedTest
  @CsvSource({
    "maxmemory 1,it is full",
    "min-replicas-to-write 1,it has too few replicas",
  })
  void aRedisThatTakesNoWrites(String setting, String reason) {
    takesNoWrites(
        () -> {
          send("CONFIG SET maxmemory-policy noeviction");
          send("CONFIG SET " + setting);
        },
        () -> mend(setting),
        reason);
  }

  @Test
  void aRedisThatCannotSaveItsData() {
    Path directory = Path.of(send("CONFIG GET dir").lines().skip(4).findFirst().orElseThrow());
    takesNoWrites(
        () -> {
          // It works in a directory that is gone then: nobody, not even root, can write there.
          delete(directory);
          send("CONFIG SET save \"3600 1\"");
          send("BGSAVE");
        },
        () -> send("CONFIG SET save \"\""),
        "it cannot save its data to disk");
  }

  private void takesNoWrites(Runnable fault, Runnable repair, String reason) {
    try (RunningService service = service(REDIS.uri())) {
      assertRecovers(service);
      log.list.clear();
      fault.run();
      await()
          .until(
              () -> {
                read(service);
                return health(service, "reason").contains(reason);
              });
      assertEquals("DEGRADED", health(service, "status"));
      assertTrue(
          service
              .management("/metrics")
              .body()
              .lines()
              .anyMatch(line -> line.matches("canvas_tier_up\\{tier=\"redis\".* 0(\\.0)?")));
      repair.run();
      assertRecovers(service);
    }
    assertTold("refuses to store", reason);
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void aWrongPasswordIsToldInOneLine() {
    String password = Secrets.secret("wrong");
    try (RunningService service = service(REDIS.uri().replace("://", "://me:" + password + "@"))) {
      await().until(() -> health(service, "reason").contains("refuses the user or the password"));
      assertFalse(Secrets.isShownIn(service.management("/health/ready").body()));
      assertTrue(read(service).contains("fwd=bypass"));
    }
    assertEquals(1, lines().size(), () -> lines().toString());
  }

  private static void mend(String setting) {
    send(
        "CONFIG SET "
            + (setting.startsWith("max") ? "maxmemory 256mb" : "min-replicas-to-write 0"));
  }

  /** One line at the beginning, one at the end. */
  private void assertTold(String beginning, String reason) {
    await().until(() -> lines().size() > 1);
    assertEquals(2, lines().size(), () -> lines().toString());
    assertTrue(lines().get(0).startsWith("Redis: " + beginning + " ("), () -> lines().toString());
    assertTrue(lines().get(0).contains(reason), () -> lines().toString());
    assertTrue(lines().get(1).startsWith("Redis: connected again"), () -> lines().toString());
  }

  private List<String> lines() {
    return List.copyOf(log.list).stream()
        .filter(
            event ->
                event.getLoggerName().startsWith("dev.canvas") || event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static void assertRecovers(RunningService service) {
    await()
        .until(
            () -> {
              String path = "/api/products/%d/media".formatted(product(service));
              service.get(path);
              return health(service, "status").equals("UP")
                  && service.get(path).headers().toString().contains("hit; detail=redis");
            });
  }

  private static String read(RunningService service) {
    return service
        .get("/api/products/%d/media".formatted(product(service)))
        .headers()
        .firstValue("Cache-Status")
        .orElseThrow();
  }

  private static long product(RunningService service) {
    long id = PRODUCTS.incrementAndGet();
    service.put(id);
    return id;
  }

  private static String health(RunningService service, String member) {
    return new JsonObject(service.management("/health/ready").body())
        .getJsonArray("checks")
        .getJsonObject(0)
        .getString(member, "");
  }

  private static RunningService service(String redisUri) {
    return new RunningService(
        TestServers.shared().postgresUri(),
        redisUri,
        Map.of(
            "CANVAS_REDIS_TIMEOUT", "2s",
            "CANVAS_POSTGRES_TIMEOUT", "10s",
            "CANVAS_CACHE_NEAR_ENABLED", "true"));
  }

  private static String send(String command) {
    return KillableServers.redisCommand(REDIS, command);
  }
}
