package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code canvas serve} and {@code canvas doctor} against configured servers. */
class CommandsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NOBODY = "redis://127.0.0.1:1";

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
  void serveMakesTheTablesServesAndStopsOnSigterm() throws Exception {
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    String port = canvas.awaitLine("serves on http://\\S+:(\\d+) ");
    database.execute("insert into product_media (product_id, media) values (1, '[]')");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/products/1/media"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    canvas.terminate();
    canvas.exitCode(Duration.ofSeconds(15));
  }

  @Test
  void serveStartsWithoutRedisAndSaysSo() {
    environment.put("CANVAS_REDIS_URI", NOBODY);
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
      assertTrue(canvas.output().contains("Started without the cache"), canvas.output());
    }
  }

  @Test
  void tablesOfAnotherBuildAreToldWithWhatToDo() {
    StoreOperations.of(Configuration.load(null, environment)).prepare();
    database.execute(
        "update canvas_schema_history set checksum = checksum + 1 where version = '3'");
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    assertEquals(1, canvas.exitCode(PATIENCE));
    assertEquals(1, canvas.output().lines().count(), canvas.output());
    assertTrue(canvas.output().contains("belong to a different build"), canvas.output());
    assertTrue(canvas.output().contains("--fresh"), canvas.output());
  }

  @Test
  void serveDoesNotStartUntilSomebodyHasDecidedWhoMayWrite() {
    environment.remove("CANVAS_AUTH_MODE");
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    assertEquals(1, canvas.exitCode(PATIENCE));
    assertEquals(1, canvas.output().lines().count(), canvas.output());
    assertTrue(canvas.output().contains("CANVAS_AUTH_MODE"), canvas.output());
  }

  @Test
  void aKeyIsPrintedWithTheLineThatServeTakes() {
    List<String> lines = succeeded("key", "shop").lines().map(String::strip).toList();
    String key = lines.get(1);
    assertTrue(key.matches("[\\w-]{43}"), key);
    assertEquals("shop:" + AccessSettings.Keys.hash(key), lines.get(3));
    assertNotEquals(key, succeeded("key").lines().map(String::strip).toList().get(1));
    CanvasProcess wrong = new CanvasProcess(environment, "key", "my shop");
    assertEquals(2, wrong.exitCode(PATIENCE), wrong.output());
    environment.put("CANVAS_AUTH_MODE", "keys");
    environment.put("CANVAS_AUTH_KEYS", lines.get(3));
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
    }
  }

  @Test
  void serveWithoutPostgresIsOneClearLine() {
    environment.put("CANVAS_POSTGRES_URI", "postgresql://me:secret@127.0.0.1:1/canvas");
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    assertEquals(1, canvas.exitCode(PATIENCE));
    assertEquals(1, canvas.output().lines().count(), canvas.output());
    assertTrue(canvas.output().contains("CANVAS_POSTGRES_URI"), canvas.output());
    assertTrue(!canvas.output().contains("secret"), canvas.output());
  }

  @Test
  void theRehearsalForTheArchiveOfClassesNeedsNoServer() {
    CanvasProcess canvas = new CanvasProcess(Map.of(), "train-cds");
    assertEquals(0, canvas.exitCode(PATIENCE), canvas::output);
  }

  @Test
  void aWrongValueIsNamedWithWhatIsAllowed() {
    environment.put("CANVAS_HTTP_PORT", "http");
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    assertEquals(1, canvas.exitCode(PATIENCE));
    assertEquals(
        "canvas: http.port (CANVAS_HTTP_PORT) is 'http': expected a whole number from 0 to 65535",
        canvas.output().strip());
  }

  @Test
  void aMisspeltVariableIsToldWithTheNearest() {
    environment.put("CANVAS_HTTP_PROT", "1");
    environment.put("CANVAS_MANAGEMENT_PORT", "1");
    CanvasProcess canvas = new CanvasProcess(environment, "scale");
    assertEquals(1, canvas.exitCode(PATIENCE));
    assertTrue(canvas.output().contains("Did you mean CANVAS_HTTP_PORT?"), canvas.output());
  }

  @Test
  void theDoctorFindsNothingThatWouldStopTheService() {
    CanvasProcess canvas = new CanvasProcess(environment, "doctor");
    assertEquals(0, canvas.exitCode(PATIENCE), canvas::output);
    assertTrue(canvas.output().contains("postgres version"), canvas.output());
    assertTrue(canvas.output().contains("redis version"), canvas.output());
    assertTrue(canvas.output().contains("0 failures"), canvas.output());
    assertTrue(canvas.output().contains("open to anyone who can reach 0.0.0.0"), canvas.output());
  }

  @Test
  void theDoctorFindsAMissingIndexAndMissingServers() {
    database.execute("create table product_media (product_id bigint, version bigint, media json)");
    CanvasProcess noIndex = new CanvasProcess(environment, "doctor");
    assertEquals(1, noIndex.exitCode(PATIENCE));
    assertTrue(noIndex.output().contains("add primary key (product_id)"), noIndex.output());

    environment.put("CANVAS_POSTGRES_URI", "postgresql://me@127.0.0.1:1/canvas");
    environment.put("CANVAS_REDIS_URI", NOBODY);
    CanvasProcess noServers = new CanvasProcess(environment, "doctor");
    assertEquals(1, noServers.exitCode(PATIENCE));
    assertTrue(noServers.output().contains("set CANVAS_POSTGRES_URI"), noServers.output());
    assertTrue(noServers.output().contains("set CANVAS_REDIS_URI"), noServers.output());
  }

  @Test
  void scaleMakesTheVerticlesOfARunningServiceMoreAndFewer() {
    environment.put("CANVAS_HTTP_INSTANCES", "1");
    environment.put("CANVAS_DATA_INSTANCES", "1");
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      environment.put(
          "CANVAS_MANAGEMENT_PORT", canvas.awaitLine("management on http://\\S+:(\\d+)"));
      assertEquals("http  1\ndata  1\n", succeeded("scale"));
      assertEquals("http  2\ndata  3\n", succeeded("scale", "data=3", "http=2"));
      assertEquals("http  2\ndata  1\n", succeeded("scale", "data=1"));
      CanvasProcess refused = new CanvasProcess(environment, "scale", "data=256");
      assertEquals(1, refused.exitCode(PATIENCE), refused.output());
      assertEquals(1, refused.output().lines().count(), refused.output());
      assertTrue(refused.output().contains("max_connections is "), refused.output());
      assertEquals("http  2\ndata  1\n", succeeded("scale"));
    }
  }

  @Test
  void scaleWithoutAServiceIsOneClearLineAndAWrongWishIsWrongUsage() {
    environment.put("CANVAS_MANAGEMENT_PORT", "1");
    CanvasProcess nobody = new CanvasProcess(environment, "scale", "data=2");
    assertEquals(1, nobody.exitCode(PATIENCE));
    assertEquals(1, nobody.output().lines().count(), nobody.output());
    assertTrue(
        nobody.output().contains("No Canvas responds at http://127.0.0.1:1/verticles"),
        nobody.output());
    CanvasProcess wrong = new CanvasProcess(environment, "scale", "data=0");
    assertEquals(2, wrong.exitCode(PATIENCE));
    assertTrue(wrong.output().contains("at least one"), wrong.output());
  }

  @Test
  void helpNamesTheCommandsAndWrongUsageIsTwo() {
    CanvasProcess help = new CanvasProcess(Map.of(), "--help");
    assertEquals(0, help.exitCode(PATIENCE));
    for (String command : new String[] {"up", "serve", "scale", "key", "doctor"}) {
      assertTrue(help.output().contains("  " + command + " "), help.output());
    }
    CanvasProcess wrong = new CanvasProcess(Map.of(), "fly");
    assertEquals(2, wrong.exitCode(PATIENCE));
  }

  private String succeeded(String... arguments) {
    CanvasProcess command = new CanvasProcess(environment, arguments);
    assertEquals(0, command.exitCode(PATIENCE), command.output());
    return command.output();
  }
}
