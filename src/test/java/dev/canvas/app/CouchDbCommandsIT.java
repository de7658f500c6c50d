package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code canvas serve} and {@code canvas doctor} with CouchDB. */
class CouchDbCommandsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CouchDbTestStore store = new CouchDbTestStore(TestCouchDb.shared());
  private final Map<String, String> environment = new HashMap<>();

  CouchDbCommandsIT() {
    environment.putAll(store.environment());
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.put("CANVAS_REDIS_URI", TestServers.shared().redisUri());
    environment.put("CANVAS_AUTH_MODE", "none");
  }

  @Test
  void serveCreatesTheDatabaseAndStopsOnSigterm() {
    assertTrue(output(0, "doctor").contains("does not exist yet"));
    CanvasProcess canvas = new CanvasProcess(environment, "serve");
    canvas.awaitLine("serves on http://\\S+:(\\d+) ");
    assertEquals(1_000, store.get("canvas").getInteger("next_item_id"));
    canvas.terminate();
    canvas.exitCode(Duration.ofSeconds(15));
    assertEquals("", store.get("canvas-relay").getString("holder"));
    String findings = output(0, "doctor");
    assertTrue(findings.contains("couchdb version") && findings.contains(" 0 failures"), findings);
    store.close();
  }

  @Test
  void withoutCouchDbServeFailsInOneLineAndTheDoctorSaysWhatToDo() {
    environment.put("CANVAS_COUCHDB_URI", "http://me:secret@127.0.0.1:1/canvas");
    environment.put("CANVAS_START_TIMEOUT", "1s");
    String refusal = output(1, "serve");
    assertEquals(1, refusal.lines().count(), refusal);
    assertTrue(refusal.contains("CouchDB at http://me:…@127.0.0.1:1/canvas"), refusal);
    assertFalse(refusal.contains("secret"), refusal);
    String findings = output(1, "doctor");
    assertTrue(
        findings.contains("start it, or correct the host and the port in CANVAS_COUCHDB_URI"),
        findings);
    assertFalse(findings.contains("secret"), findings);
  }

  @Test
  void aDatabaseOfOthersIsNotChanged() {
    assertEquals(201, store.request("PUT", "", null).statusCode());
    assertEquals(201, store.request("PUT", "theirs", "{}").statusCode());
    for (String command : List.of("serve", "doctor")) {
      String output = output(1, command);
      assertTrue(output.contains("none of them from Canvas"), output);
    }
    assertEquals(404, store.request("GET", "canvas", null).statusCode());
    store.close();
  }

  @Test
  void upRefusesAConfiguredStore() {
    String refusal = output(1, "up");
    assertTrue(refusal.contains("CANVAS_STORE") && refusal.contains("'serve'"), refusal);
  }

  private String output(int exitCode, String command) {
    CanvasProcess canvas = new CanvasProcess(environment, command);
    assertEquals(exitCode, canvas.exitCode(TIMEOUT), canvas::output);
    return canvas.output();
  }
}
