package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.FreePorts;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * {@code canvas serve}, {@code doctor}, {@code scale} and {@code key} with configured servers, in
 * JVMs of their own; {@link CommandLinesIT} has what needs none.
 */
class CommandsIT {

  private static final String UNREACHABLE_REDIS = "redis://127.0.0.1:1";

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "CANVAS_HTTP_PORT",
              "0",
              "CANVAS_MANAGEMENT_PORT",
              "0",
              "CANVAS_POSTGRES_URI",
              database.uri(),
              "CANVAS_REDIS_URI",
              TestServers.shared().redisUri(),
              "CANVAS_AUTH_MODE",
              "none"));

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void serveCreatesTheTablesAndStopsOnSigterm() throws Exception {
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    String port = canvas.awaitLine("serves on http://\\S+:(\\d+) ");
    database.execute("insert into product_media (product_id, media) values (1, '[]')");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/products/1/media"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    canvas.terminate();
    canvas.exitCode(Duration.ofSeconds(15));
  }

  @Test
  void serveStartsWithoutRedisAndLogsIt() {
    environment.put("CANVAS_REDIS_URI", UNREACHABLE_REDIS);
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
      canvas.awaitLine("Redis: unreachable \\(.*\\); connecting until it answers");
    }
  }

  @Test
  void serveRefusesTablesOfAnotherBuildWithARemedy() {
    StoreOperations.of(Configuration.load(null, environment)).prepare();
    database.execute(
        "update canvas_schema_history set checksum = checksum + 1 where version = '3'");
    assertOneLine(run(1, "serve"), "belong to a different build", "--fresh");
  }

  @Test
  void serveRefusesTablesOfANewerRelease() {
    StoreOperations.of(Configuration.load(null, environment)).prepare();
    database.execute(
        """
        insert into canvas_schema_history
        select installed_rank + 100, '999', 'later', type, 'V999__later.sql', checksum,
          installed_by, installed_on, execution_time, true
        from canvas_schema_history where version = '3'\
        """);
    assertOneLine(run(1, "serve"), "by a newer release of Canvas (migration 999, 'later', where");
  }

  @Test
  void aPortThatIsTakenDuringTheStartIsNamed() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
      port = free.getLocalPort();
    }
    try (TcpProxy postgres = new TcpProxy(database.uri())) {
      postgres.refuse();
      environment.put("CANVAS_POSTGRES_URI", postgres.uri());
      environment.put("CANVAS_HTTP_HOST", "127.0.0.1");
      environment.put("CANVAS_HTTP_PORT", Integer.toString(port));
      try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
        canvas.awaitLine("The start waits for a store");
        try (ServerSocket taker = new ServerSocket(port, 1, loopback)) {
          postgres.mend();
          canvas.awaitLine(
              "did not start: port %d of 127.0.0.1 is not available .*set http.port"
                  .formatted(taker.getLocalPort()));
          assertEquals(1, canvas.exitCode(Duration.ofSeconds(60)));
        }
      }
    }
  }

  @Test
  void keyPrintsAKeyWithTheEntryThatServeAccepts() {
    List<String> lines = run(0, "key", "shop").lines().map(String::strip).toList();
    String key = lines.get(1);
    assertTrue(key.matches("[\\w-]{43}"), key);
    assertEquals("shop:" + AccessSettings.Keys.hash(key), lines.get(3));
    assertNotEquals(key, run(0, "key").lines().map(String::strip).toList().get(1));
    run(2, "key", "my shop");
    environment.put("CANVAS_AUTH_MODE", "keys");
    environment.put("CANVAS_AUTH_KEYS", lines.get(3));
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
    }
  }

  @Test
  void serveWithoutPostgresPrintsOneLineWithoutThePassword() {
    environment.put("CANVAS_POSTGRES_URI", "postgresql://me:secret@127.0.0.1:1/canvas");
    environment.put("CANVAS_START_TIMEOUT", "1s");
    String output = run(1, "serve");
    assertOneLine(output, "CANVAS_POSTGRES_URI");
    assertFalse(output.contains("secret"), output);
  }

  @Test
  void serveFailsAtOnceIfPostgresRefusesIt() {
    environment.put("CANVAS_START_TIMEOUT", "1h");
    environment.put("CANVAS_POSTGRES_URI", database.uri() + "_that_is_missing");
    assertOneLine(run(1, "serve"), "does not exist");
  }

  @Test
  void serveWaitsForPostgresAndBecomesReady() {
    try (TcpProxy postgres = new TcpProxy(database.uri())) {
      postgres.refuse();
      environment.put("CANVAS_POSTGRES_URI", postgres.uri());
      try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
        String waits = canvas.awaitLine("(The start waits for a store.*)");
        assertTrue(waits.contains("127.0.0.1"), waits);
        postgres.mend();
        canvas.awaitLine("serves on http");
      }
    }
  }

  @Test
  void trainingForTheClassDataArchiveNeedsNoServer() {
    environment.clear();
    run(0, "train-cds");
  }

  @Test
  void misspelledVariableIsReportedWithTheMostSimilarOne() {
    environment.put("CANVAS_HTTP_PROT", "1");
    environment.put("CANVAS_MANAGEMENT_PORT", "1");
    String output = run(1, "scale");
    assertTrue(output.contains("Did you mean CANVAS_HTTP_PORT?"), output);
  }

  @Test
  void doctorFindsNoFailureWithWorkingServers() {
    JsonObject report = new JsonObject(run(0, "doctor", "--json"));
    assertEquals(0, report.getInteger("fail"), report::encode);
    assertEquals(
        Set.of("verdict", "subject", "observation"),
        report.getJsonArray("findings").getJsonObject(0).fieldNames());
    String output = run(0, "doctor");
    assertTrue(output.contains("postgres version"), output);
    assertTrue(output.contains("redis version"), output);
    assertTrue(output.contains("0 failures"), output);
    assertTrue(output.contains("open to anyone who can reach 0.0.0.0"), output);
  }

  @Test
  void doctorTellsACanvasThatIsUpFromAnotherProgram() throws IOException {
    String port = Integer.toString(FreePorts.one());
    environment.put("CANVAS_MANAGEMENT_PORT", port);
    environment.put("CANVAS_MANAGEMENT_KEY", Secrets.secret("-of-the-management-port"));
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
      assertFinding("OK", 0, "is up with the stores below");
      environment.put("CANVAS_REDIS_URI", UNREACHABLE_REDIS);
      assertFinding("WARN", 0, "and not with those of these settings: ");
      environment.put("CANVAS_MANAGEMENT_KEY", "");
      assertFinding("WARN", 0, "does not tell its ports and stores (The management port needs");
    }
    try (ServerSocket other =
        new ServerSocket(Integer.parseInt(port), 50, InetAddress.getLoopbackAddress())) {
      assertFinding("FAIL", 1, "Port " + other.getLocalPort() + " of 127.0.0.1 is not available");
    }
  }

  private void assertFinding(String verdict, int exitCode, String observation) {
    String output = run(exitCode, "doctor");
    assertTrue(
        output.lines().anyMatch(line -> line.startsWith(verdict) && line.contains(observation)),
        output);
  }

  @Test
  void scaleAddsAndRemovesVerticlesOfARunningService() {
    environment.put("CANVAS_HTTP_INSTANCES", "1");
    environment.put("CANVAS_DATA_INSTANCES", "1");
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      environment.put(
          "CANVAS_MANAGEMENT_PORT", canvas.awaitLine("management on http://\\S+:(\\d+)"));
      assertEquals("http  1\ndata  1\n", run(0, "scale"));
      assertEquals("http  2\ndata  3\n", run(0, "scale", "data=3", "http=2"));
      assertEquals("http  2\ndata  1\n", run(0, "scale", "data=1"));
      assertOneLine(run(1, "scale", "data=256"), "max_connections is ");
      assertEquals("http  2\ndata  1\n", run(0, "scale"));
    }
  }

  @Test
  void bashCompletesTheCommandsAndTheirOptions() throws Exception {
    String script = run(0, "generate-completion");
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "compopt() { :; }; eval \"$1\"; COMP_WORDS=(canvas seed --trun) COMP_CWORD=2;"
                    + " COMP_LINE='canvas seed --trun'; _complete_canvas;"
                    + " printf '%s' \"${COMPREPLY[*]}\"",
                "bash",
                script)
            .redirectErrorStream(true)
            .start();
    String completed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), completed);
    assertEquals("--truncate", completed.strip());
  }

  private String run(int expectedExitCode, String... arguments) {
    return CanvasProcess.run(expectedExitCode, environment, arguments);
  }

  private static void assertOneLine(String output, String... parts) {
    assertEquals(1, output.lines().count(), output);
    for (String part : parts) {
      assertTrue(output.contains(part), output);
    }
  }
}
