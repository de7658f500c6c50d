package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.http.access.AccessSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What must be decided before a start. */
class StartChecksTest {

  @Test
  void startIsRefusedUntilWriteAccessIsConfigured() {
    String line =
        assertThrows(
                StartFailure.class,
                () -> StartChecks.requireWriteAccess(new AccessSettings.Undecided()))
            .getMessage();
    assertTrue(line.contains("CANVAS_AUTH_MODE"), line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void doctorWarnsOfOpenWritingBeyondThisMachine() {
    assertEquals(Finding.Verdict.FAIL, verdict("0.0.0.0", new AccessSettings.Undecided()));
    assertEquals(Finding.Verdict.WARN, verdict("0.0.0.0", new AccessSettings.Open()));
    assertEquals(Finding.Verdict.OK, verdict("127.0.0.1", new AccessSettings.Open()));
    assertEquals(
        Finding.Verdict.OK,
        verdict("0.0.0.0", new AccessSettings.Keys(List.of(AccessSettings.Keys.hash("key")))));
  }

  private static Finding.Verdict verdict(String host, AccessSettings access) {
    return StartChecks.writeAccess(Configuration.load(null, Map.of()).http().forUp(host, access))
        .verdict();
  }
}
