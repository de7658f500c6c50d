package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestServers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command prints a password, wherever in a URI it stands, whether or not the URI is usable. */
class SecretsIT {

  private static final String SECRET = Secrets.secret("1");

  @Test
  void theDoctorShowsNoPasswordWhenAllIsWell() {
    String postgres = TestServers.shared().postgresUri() + "?password=" + SECRET;
    String redis = TestServers.shared().redisUri() + "?password=" + SECRET;
    String output =
        CanvasProcess.run(
            0,
            Map.of(
                "CANVAS_POSTGRES_URI",
                postgres,
                "CANVAS_REDIS_URI",
                redis,
                "CANVAS_AUTH_MODE",
                "none",
                "CANVAS_DATA_INSTANCES",
                "1"),
            "doctor");
    assertTrue(output.contains("reachable at redis://"), output);
    assertFalse(Secrets.isShownIn(output), output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CANVAS_POSTGRES_URI=jdbc:postgresql://h/db?user=me&password=SECRET",
        "CANVAS_REDIS_URI=redis//me:SECRET/@h?password=SECRET",
      })
  void aRefusedUriShowsNoPassword(String setting) {
    String[] parts = setting.replace("SECRET", SECRET).split("=", 2);
    String output = CanvasProcess.run(1, Map.of(parts[0], parts[1]), "doctor");
    assertTrue(output.startsWith("canvas: "), output);
    assertFalse(Secrets.isShownIn(output), output);
  }
}
