package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.FreePorts;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import dev.canvas.tls.TlsFiles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes with different roles in one cluster, over TLS: a node that only has HTTP verticles, and
 * nodes that only have data verticles, which join, leave and die.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {

  private static final String MEDIA = "{\"media\":[{\"type\":\"image\",\"url\":\"/%s.jpg\"}]}";

  private static final String DELIVERED =
      "vertx_eventbus_delivered_total{address=\"canvas.data.reads";

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private final Map<String, String> settings = new HashMap<>();
  private final int port = FreePorts.two();
  private ClusterNode http;
  private ClusterNode data;
  private TestCertificates stranger;

  @BeforeAll
  void start(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) Path directory)
      throws IOException {
    settings.put("CANVAS_POSTGRES_URI", database.uri());
    settings.put("CANVAS_REDIS_URI", TestServers.shared().redisUri());
    // What is tested is the way to the data verticles, not theirs to the stores, nor how fast a
    // busy machine is. 45% of this time, after which another node is asked, has to be well below
    // the 10 s that a client waits.
    settings.put("CANVAS_CLUSTER_READ_TIMEOUT", "12s");
    settings.put("CANVAS_POSTGRES_TIMEOUT", "10s");
    settings.put("CANVAS_POSTGRES_WRITE_TIMEOUT", "2s");
    settings.put("CANVAS_REDIS_TIMEOUT", "2s");
    settings.put("CANVAS_CACHE_NEAR_TTL", "10m");
    settings.put("CANVAS_DATA_INSTANCES", "1");
    settings.put("CANVAS_HTTP_INSTANCES", "2");
    TestCertificates own = new TestCertificates(directory.resolve("own"));
    stranger = new TestCertificates(directory.resolve("stranger"));
    settings.putAll(certificates(own));
    data = ClusterNode.start("data,relay", port, List.of(port), settings).awaitStart();
    http = ClusterNode.start("http", FreePorts.two(), List.of(port), settings).awaitStart();
    await().atMost(Duration.ofSeconds(30)).until(() -> isReady(http));
  }

  @AfterAll
  void stop() {
    http.close();
    data.close();
    database.close();
  }

  @Test
  void anHttpNodeReadsAndWritesThroughADataNode() {
    assertEquals(201, http.put(1, MEDIA.formatted("a")).statusCode());
    HttpResponse<String> read = http.get("/api/products/1/media");
    assertEquals(200, read.statusCode());
    assertTrue(read.body().contains("/a.jpg"), read.body());
    assertEquals(200, http.put(1, MEDIA.formatted("b")).statusCode());
    assertTrue(http.get("/api/products/1/media").body().contains("/b.jpg"));
    HttpResponse<String> batch = http.get("/api/products/media?ids=1,2");
    assertEquals(200, batch.statusCode(), batch.body());
    assertEquals(1, new JsonObject(batch.body()).getJsonArray("found").size());
    assertEquals(404, http.get("/api/products/2/media").statusCode());
  }

  @Test
  void allNodesAreListedAndScaledFromOne() {
    JsonObject listed = node(new JsonObject(http.manage("GET", "/cluster", "").body()));
    assertEquals(new JsonArray().add("data").add("relay"), listed.getJsonArray("roles"));
    assertTrue(listed.getBoolean("answers"), listed::encode);
    for (int instances : new int[] {2, 1}) {
      HttpResponse<String> scaled =
          http.manage(
              "POST",
              "/verticles",
              "{\"role\":\"data\",\"instances\":%d,\"all\":true}".formatted(instances));
      assertEquals(200, scaled.statusCode(), scaled.body());
      assertEquals(
          new JsonArray().add(new JsonObject().put("role", "data").put("instances", instances)),
          node(new JsonObject(scaled.body())).getJsonArray("verticles"));
    }
    HttpResponse<String> refused =
        http.manage("POST", "/verticles", "{\"role\":\"data\",\"instances\":2}");
    assertEquals(400, refused.statusCode(), refused.body());
  }

  /** What an answer says of the data node that all tests share. */
  private JsonObject node(JsonObject answer) {
    return answer.getJsonArray("nodes").stream()
        .map(JsonObject.class::cast)
        .filter(node -> node.getString("node").startsWith("127.0.0.1:" + port + "#"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDataNodeThatJoinsTakesLoadAndLeavesWithoutAFailedRequest() {
    put(3, MEDIA.formatted("c"));
    try (LoadGenerator load = new LoadGenerator(http.httpPort(), "/api/products/3/media", 4, 0);
        ClusterNode joining = dataNode()) {
      awaitShare(joining, load);
      joining.process().terminate();
      joining.process().exitCode(Duration.ofSeconds(30));
      long responses = load.responses();
      await().until(() -> load.responses() > responses + 50);
      assertNoFailure(load);
    }
  }

  @Test
  void aFrozenDataNodeIsAvoidedUntilItAnswersAgain() {
    put(4, MEDIA.formatted("d"));
    try (ClusterNode frozen = dataNode()) {
      try (LoadGenerator load = new LoadGenerator(http.httpPort(), "/api/products/4/media", 4, 0)) {
        awaitShare(frozen, load);
        int members = members();
        ProcessSignals.freeze(frozen.process().pid());
        // The others give it up, and remove its consumers.
        await().atMost(Duration.ofSeconds(60)).until(() -> members() < members);
        assertNoFailure(load);
        ProcessSignals.thaw(frozen.process().pid());
        awaitShare(frozen, load);
        assertNoFailure(load);
      }
    }
  }

  @Test
  void noReadFailsWhenADataNodeIsKilled() {
    put(5, MEDIA.formatted("e"));
    try (ClusterNode killed = dataNode();
        LoadGenerator load = new LoadGenerator(http.httpPort(), "/api/products/5/media", 4, 0)) {
      awaitShare(killed, load);
      killed.process().kill();
      killed.process().exitCode(Duration.ofSeconds(30));
      long responses = load.responses();
      await().until(() -> load.responses() > responses + 200);
      assertNoFailure(load);
    }
  }

  @Test
  void aStrangerJoinsNothing() throws Exception {
    Map<String, String> foreign = new HashMap<>(settings);
    foreign.putAll(certificates(stranger));
    Map<String, String> bare = new HashMap<>(settings);
    bare.keySet().removeIf(key -> key.startsWith("CANVAS_CLUSTER"));
    for (Map<String, String> other : List.of(foreign, bare)) {
      try (ClusterNode alone =
          ClusterNode.start("http", FreePorts.two(), List.of(port), other).awaitStart()) {
        HttpResponse<String> read = alone.get("/api/products/1/media");
        assertEquals(503, read.statusCode(), read.body());
        assertFalse(isReady(alone));
      }
    }
  }

  @Test
  void neitherPortTalksToAStranger() throws Exception {
    TlsFiles none = new TlsFiles(null, null, null, false);
    TestCertificates.Issued issued = stranger.issue("intruder");
    TlsFiles foreign =
        new TlsFiles(null, issued.certificate().toString(), issued.key().toString(), false);
    for (int target : new int[] {port, port + 1}) {
      for (TlsFiles identity : List.of(none, foreign)) {
        SSLContext context = identity.context();
        assertThrows(IOException.class, () -> exchange(context, target));
      }
    }
  }

  /** In TLS 1.3 the server refuses the certificate of the client after the client's handshake. */
  private static void exchange(SSLContext context, int target) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", target)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      socket.getOutputStream().write(new byte[64]);
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed");
      }
    }
  }

  /** Writes until it succeeds: another test may just have ended a node. */
  private void put(long product, String body) {
    await().atMost(Duration.ofSeconds(60)).until(() -> http.put(product, body).statusCode() < 300);
  }

  /** The number of nodes that the HTTP node knows, itself included. */
  private int members() {
    return new JsonObject(http.manage("GET", "/cluster", "").body()).getJsonArray("nodes").size();
  }

  private ClusterNode dataNode() {
    return ClusterNode.start("data", FreePorts.two(), List.of(port), settings).awaitStart();
  }

  /** Waits until a node answers a fair share of the reads. */
  private static void awaitShare(ClusterNode node, LoadGenerator load) {
    double before = node.metric(DELIVERED);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> node.metric(DELIVERED) > before + 100 || !load.failures().isEmpty());
  }

  private void assertNoFailure(LoadGenerator load) {
    assertEquals(
        List.of(),
        load.failures(),
        () ->
            "The HTTP node:\n%s\nThe data node:\n%s"
                .formatted(http.process().output(), data.process().output()));
  }

  private static boolean isReady(ClusterNode node) {
    return node.manage("GET", "/health/ready", "").statusCode() == 200;
  }

  private static Map<String, String> certificates(TestCertificates authority) throws IOException {
    TestCertificates.Issued node = authority.issue("node");
    return Map.of(
        "CANVAS_CLUSTER_CA",
        authority.ca().toString(),
        "CANVAS_CLUSTER_CERTIFICATE",
        node.certificate().toString(),
        "CANVAS_CLUSTER_KEY",
        node.key().toString());
  }
}
