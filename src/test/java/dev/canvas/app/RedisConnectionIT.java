package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisSettings;
import dev.canvas.testing.OwnRedis;
import dev.canvas.testing.SentinelRedis;
import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a Redis with TLS, Sentinels and a Redis Cluster are reached, or refused. */
class RedisConnectionIT {

  private static final String PASSWORD = "p+ @:/?#[]%&=";

  private static Path directory;
  private static TestCertificates certificates;
  private static TestCertificates strangers;
  private static TestCertificates.Issued client;
  private static OwnRedis redis;
  private static Vertx vertx;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("canvas-redis");
    certificates = new TestCertificates(directory.resolve("ca"));
    strangers = new TestCertificates(directory.resolve("strangers"));
    client = certificates.issue("client");
    redis = tls("optional");
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    redis.close();
  }

  @Test
  void caOfTheSettingOrOfTheUriIsTrusted() throws Exception {
    assertEquals("PONG", ping(RedisSettings.of(uri("localhost"), certificates.ca().toString())));
    assertEquals("PONG", ping(uri("localhost") + "?cacert=" + encoded(certificates.ca())));
    assertEquals("PONG", ping(uri("127.0.0.1") + "?insecure=true"));
  }

  @Test
  void wrongCaAndWrongNameAreRefusedInOneLine() {
    assertRefused(uri("localhost"), "is not signed by a CA that is trusted");
    assertRefused(
        uri("localhost") + "?cacert=" + encoded(strangers.ca()),
        "is not signed by a CA that is trusted");
    assertRefused(
        uri("127.0.0.1") + "?cacert=" + encoded(certificates.ca()), "is for another name");
  }

  @Test
  void clientCertificateIsSentWhereTheServerWantsOne() throws Exception {
    try (OwnRedis strict = tls("yes")) {
      String uri =
          "rediss://:%s@localhost:%d/2?cacert=%s"
              .formatted(encoded(PASSWORD), strict.port(), encoded(certificates.ca()));
      String own = "&cert=" + encoded(client.certificate()) + "&key=" + encoded(client.key());
      assertEquals("PONG", ping(uri + own));
      assertThrows(Exception.class, () -> ping(uri));
    }
  }

  @Test
  void serviceCachesInARedisWithTls() throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("CANVAS_REDIS_CA", certificates.ca().toString());
    settings.put("CANVAS_CACHE_NEAR_ENABLED", "false");
    settings.put("CANVAS_REDIS_TIMEOUT", "2s");
    settings.put("CANVAS_POSTGRES_TIMEOUT", "10s");
    try (RunningService service =
        new RunningService(TestServers.shared().postgresUri(), uri("localhost"), settings)) {
      service.put(1);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> service.get("/api/products/1/media").headers().toString().contains("redis"));
    }
  }

  @Test
  void redisClusterIsRefusedAtTheStartAndByTheDoctor() throws Exception {
    TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
    try (database;
        OwnRedis cluster =
            OwnRedis.start(directory.resolve("cluster"), "port", "cluster-enabled yes")) {
      Map<String, String> environment =
          Map.of(
              "CANVAS_POSTGRES_URI",
              database.uri(),
              "CANVAS_REDIS_URI",
              "redis://127.0.0.1:" + cluster.port(),
              "CANVAS_AUTH_MODE",
              "none",
              "CANVAS_HTTP_PORT",
              "0",
              "CANVAS_MANAGEMENT_PORT",
              "0");
      List<String> refusal =
          CanvasProcess.run(1, environment, "serve")
              .lines()
              .filter(line -> line.startsWith("canvas:"))
              .toList();
      assertEquals(1, refusal.size(), refusal::toString);
      assertTrue(refusal.get(0).contains("is a Redis Cluster"), refusal::toString);
      String examined = CanvasProcess.run(1, environment, "doctor");
      assertTrue(examined.contains("is a Redis Cluster"), examined);
    }
  }

  @Test
  void sentinelsNameTheMasterAlsoAfterItWasKilled() throws Exception {
    try (SentinelRedis redisWithSentinels = new SentinelRedis(directory.resolve("sentinels"))) {
      String uri = redisWithSentinels.uri();
      assertEquals(redisWithSentinels.masterPort(), masterPort(uri));
      redisWithSentinels.killMaster();
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> masterPort(uri) == redisWithSentinels.replicaPort());
      assertRefused(uri.replace("/shop", "/other"), "refused");
    }
  }

  private static OwnRedis tls(String clientCertificates) throws IOException {
    TestCertificates.Issued server =
        certificates.issue("server-" + clientCertificates, "dns:localhost");
    return OwnRedis.start(
        directory.resolve(clientCertificates),
        "tls-port",
        "tls-cert-file " + server.certificate(),
        "tls-key-file " + server.key(),
        "tls-ca-cert-file " + certificates.ca(),
        "tls-auth-clients " + clientCertificates,
        "requirepass \"" + PASSWORD + "\"");
  }

  private static String uri(String host) {
    return "rediss://default:%s@%s:%d".formatted(encoded(PASSWORD), host, redis.port());
  }

  private static String ping(String uri) throws Exception {
    return ping(RedisSettings.of(uri));
  }

  private static String ping(RedisSettings settings) throws Exception {
    return send(settings, Request.cmd(Command.PING));
  }

  private static int masterPort(String uri) throws Exception {
    String server = send(RedisSettings.of(uri), Request.cmd(Command.INFO).arg("server"));
    return Integer.parseInt(server.replaceFirst("(?s).*tcp_port:(\\d+).*", "$1"));
  }

  private static String send(RedisSettings settings, Request request) throws Exception {
    RedisClient client = new RedisClient(vertx, settings);
    try {
      return client
          .connect()
          .compose(connection -> connection.send(request))
          .await(10, TimeUnit.SECONDS)
          .toString();
    } finally {
      client.close();
    }
  }

  private static void assertRefused(String uri, String reason) {
    Exception refused = assertThrows(Exception.class, () -> ping(uri));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
  }

  private static String encoded(Object text) {
    return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
