package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.SharedStore;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes, each of which reaches Redis through a link of its own, while Redis fails over, changes
 * or refuses writes: no read is older than a write that was confirmed before it.
 */
class TrustedRedisIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** More than {@code SeenVersions.LIFE}. */
  private static final Duration SEEN_VERSIONS_LIFE = Duration.ofMillis(2_500);

  private static final long PRODUCT = 42;
  private static final String PATH = "/api/products/" + PRODUCT + "/media";

  /** Reads after each confirmed write, on each node: more than its data verticles. */
  private static final int READS = 20;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CANVAS_POSTGRES_TIMEOUT", "5s",
          "CANVAS_POSTGRES_WRITE_TIMEOUT", "2s",
          "CANVAS_REDIS_TIMEOUT", "1s");

  private final RedisServer first = KillableServers.anotherRedis();
  private final RedisServer second = KillableServers.anotherRedis();
  private final TcpProxy writersLink = new TcpProxy(first.uri());
  private final TcpProxy readersLink = new TcpProxy(first.uri());
  private final RunningService writer =
      new RunningService(
          new PostgresTestStore(TestServers.shared().postgresUri()), writersLink.uri(), SETTINGS);
  private final RunningService reader =
      new RunningService(new SharedStore(writer.store), readersLink.uri(), SETTINGS);
  private long confirmed;

  @AfterEach
  void stop() {
    reader.close();
    writer.close();
    writersLink.close();
    readersLink.close();
    first.close();
    second.close();
  }

  @Test
  void aRedisThatFailedOverAndBackShowsNothingFromBefore() {
    command(second, "REPLICAOF 127.0.0.1 " + port(first));
    write("/1.webp");
    awaitHits();
    await().atMost(SOON).until(() -> command(second, "KEYS canvas:*:m:42").contains(":m:42"));
    promote(second, first);
    write("/2.webp");
    awaitHits();
    awaitEmptyOutbox();
    await().atMost(SOON).until(() -> isSynced(first));
    promote(first, second);
    awaitForgotten();
    assertNothingOlder();
    awaitHits();
    write("/3.webp");
    assertNothingOlder();
  }

  @Test
  void anUnrelatedRedisAndBackShowsNothingFromBefore() {
    write("/1.webp");
    awaitHits();
    leadTo(second);
    write("/2.webp");
    awaitHits();
    awaitEmptyOutbox();
    leadTo(first);
    awaitForgotten();
    assertNothingOlder();
    awaitHits();
  }

  /** The reader's connections to the old master stay, and it goes on answering as a master. */
  @Test
  void aNodeThatIsLeftWithTheOldMasterDoesNotTrustIt() {
    write("/1.webp");
    awaitHits();
    writersLink.leadTo(second.uri());
    writersLink.cut();
    for (int i = 2; i < 12; i++) {
      write("/" + i + ".webp");
      assertNothingOlder();
    }
  }

  @Test
  void aRedisThatRefusesWritesIsNotTrusted() {
    write("/1.webp");
    awaitHits();
    command(first, "CONFIG SET min-replicas-to-write 1");
    for (int i = 2; i < 12; i++) {
      write("/" + i + ".webp");
      assertNothingOlder();
    }
    awaitEmptyOutbox();
    command(first, "CONFIG SET min-replicas-to-write 0");
    awaitHits();
  }

  @Test
  void aRedisWithoutRoomForAFenceIsNotTrusted() {
    write("/1.webp");
    awaitHits();
    command(first, "CONFIG SET maxmemory-policy noeviction");
    command(first, "CONFIG SET maxmemory 1");
    for (int i = 2; i < 12; i++) {
      write("/" + i + ".webp");
      assertNothingOlder();
    }
    awaitEmptyOutbox();
    command(first, "CONFIG SET maxmemory 0");
    awaitHits();
  }

  /**
   * The writer does not reach Redis, the reader does, and the relay lock is held by a frozen node.
   */
  @Test
  void aWriteWithoutRedisIsNotConfirmedBeforeOthersCanSeeIt() throws Exception {
    write("/1.webp");
    awaitHits();
    try (Connection frozen = writer.database().dataSource().getConnection()) {
      assertTrue(holdsRelayLock(frozen));
      writersLink.refuse();
      writersLink.cut();
      for (int i = 2; i < 6; i++) {
        write("/" + i + ".webp");
        assertNothingOlder();
      }
    }
    writersLink.mend();
    awaitEmptyOutbox();
    awaitHits();
  }

  /** The state that it repeats was made by SQL, and no relay has repaired it. */
  @Test
  void aWriteThatChangesNothingIsNotConfirmedBeforeOthersCanSeeIt() throws Exception {
    write("/1.webp");
    awaitHits();
    try (Connection frozen = writer.database().dataSource().getConnection()) {
      assertTrue(holdsRelayLock(frozen));
      changeBySql("/2.webp");
      writersLink.refuse();
      writersLink.cut();
      write("/2.webp");
      assertNothingOlder();
    }
    writersLink.mend();
    awaitEmptyOutbox();
    awaitHits();
  }

  @Test
  void aBulkLineThatChangesNothingIsNotConfirmedBeforeOthersCanSeeIt() throws Exception {
    write("/1.webp");
    awaitHits();
    try (Connection frozen = writer.database().dataSource().getConnection()) {
      assertTrue(holdsRelayLock(frozen));
      changeBySql("/2.webp");
      HttpResponse<String> answer =
          writer.send(
              "POST",
              "/api/media/bulk",
              "application/x-ndjson",
              "{\"product_id\":42,\"media\":[{\"type\":\"image\",\"url\":\"/2.webp\"}]}\n");
      confirmed = version(answer);
      assertNothingOlder();
    }
  }

  private void changeBySql(String url) {
    writer
        .database()
        .execute(
            """
            update product_media
            set version = nextval('media_version'),
              media = '[{"id":1000,"type":"image","url":"%s"}]'
            where product_id = 42"""
                .formatted(url));
  }

  /** A relay takes it again at once, so its session is ended until this one has the lock. */
  private boolean holdsRelayLock(Connection frozen) throws Exception {
    CompletableFuture<Void> locked =
        CompletableFuture.runAsync(
            () -> {
              try (var statement = frozen.createStatement()) {
                statement.execute("select pg_advisory_lock(4847921121)");
              } catch (java.sql.SQLException failure) {
                throw new IllegalStateException(failure);
              }
            });
    await()
        .atMost(SOON)
        .until(
            () -> {
              writer
                  .database()
                  .execute(
                      """
                      select pg_terminate_backend(pid) from pg_locks
                      where locktype = 'advisory' and objid = (4847921121 & 4294967295)::oid
                        and granted and pid <> pg_backend_pid()
                        and database = (select oid from pg_database where datname = current_database())
                        and (select application_name from pg_stat_activity a where a.pid = pg_locks.pid)
                          = 'canvas'""");
              return locked.isDone();
            });
    locked.get();
    return true;
  }

  /** Writes on one node; the answer must be a confirmation. */
  private void write(String url) {
    HttpResponse<String> answer =
        writer.write(
            "PUT", PATH, "{\"media\":[{\"type\":\"image\",\"url\":\"%s\"}]}".formatted(url));
    assertTrue(answer.statusCode() < 300, answer.body());
    confirmed = version(answer);
  }

  private void assertNothingOlder() {
    assertEquals("", older());
  }

  /** The first of many reads on each node that is older than the last confirmed write. */
  private String older() {
    for (int i = 0; i < READS; i++) {
      for (RunningService node : new RunningService[] {reader, writer}) {
        HttpResponse<String> answer = node.get(PATH);
        if (answer.statusCode() != 200 || version(answer) < confirmed) {
          return "%s (%s) instead of version %d"
              .formatted(
                  answer.body(),
                  answer.headers().firstValue("Cache-Status").orElse("no cache"),
                  confirmed);
        }
      }
    }
    return "";
  }

  /** Waits until both nodes answer from Redis, and never with anything older. */
  private void awaitHits() {
    await().atMost(SOON).until(() -> !older().isEmpty() || (isHit(reader) && isHit(writer)));
    assertNothingOlder();
  }

  /** Reads nothing for so long that no process remembers which versions its readers have seen. */
  private static void awaitForgotten() {
    await().pollDelay(SEEN_VERSIONS_LIFE).until(() -> true);
  }

  private static boolean isHit(RunningService node) {
    for (int i = 0; i < READS; i++) {
      if (!node.get(PATH).headers().firstValue("Cache-Status").orElse("").contains("redis")) {
        return false;
      }
    }
    return true;
  }

  private static long version(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getLong("version");
  }

  private void awaitEmptyOutbox() {
    await()
        .atMost(SOON)
        .until(() -> writer.database().query("select count(*) from media_outbox").equals("0"));
  }

  private void leadTo(RedisServer server) {
    for (TcpProxy link : new TcpProxy[] {writersLink, readersLink}) {
      link.leadTo(server.uri());
      link.cut();
    }
  }

  /** Makes a replica the master, its master a replica, and leads both nodes to it. */
  private void promote(RedisServer master, RedisServer replica) {
    command(master, "REPLICAOF NO ONE");
    command(replica, "REPLICAOF 127.0.0.1 " + port(master));
    leadTo(master);
  }

  private static boolean isSynced(RedisServer replica) {
    return command(replica, "INFO replication").contains("master_link_status:up");
  }

  private static String port(RedisServer server) {
    return server.uri().replaceFirst(".*:", "");
  }

  private static String command(RedisServer server, String command) {
    return KillableServers.redisCommand(server, command);
  }
}
