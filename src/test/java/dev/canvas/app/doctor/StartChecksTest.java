package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.http.access.AccessSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void aTakenPortIsAFailureUnlessTheCanvasThatIsUpListensOnIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Configuration configuration =
          Configuration.load(
              null,
              Map.of(
                  "CANVAS_HTTP_HOST", "127.0.0.1",
                  "CANVAS_HTTP_PORT", Integer.toString(port),
                  "CANVAS_MANAGEMENT_PORT", "0"));

      Finding byAnother = StartChecks.ports(configuration, Optional.empty());
      assertEquals(Finding.Verdict.FAIL, byAnother.verdict());
      assertTrue(byAnother.observation().startsWith("Port " + port + " of "), byAnother::toString);
      assertTrue(byAnother.remedy().contains("CANVAS_HTTP_PORT"), byAnother::toString);

      assertEquals(
          Finding.Verdict.OK,
          StartChecks.ports(configuration, canvas(configuration, port)).verdict());
      assertEquals(
          Finding.Verdict.FAIL,
          StartChecks.ports(configuration, canvas(configuration, 0)).verdict());
      assertEquals(
          Finding.Verdict.WARN,
          StartChecks.ports(configuration, Optional.of(RunningCanvas.silent("no key"))).verdict());
    }
  }

  private static Optional<RunningCanvas> canvas(Configuration configuration, int http) {
    return Optional.of(RunningCanvas.here("1.0.0", configuration, http, 1, null));
  }

  private static Finding.Verdict verdict(String host, AccessSettings access) {
    return StartChecks.writeAccess(Configuration.load(null, Map.of()).http().forUp(host, access))
        .verdict();
  }
}
