package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.embedded.OwnPgBouncer;
import dev.canvas.testing.KillableServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canvas behind PgBouncer: session mode serves, the other modes are refused with the reason. */
class PgBouncerIT {

  private static final KillableServers SERVERS = new KillableServers();

  private static Path directory;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("canvas-pgbouncer");
  }

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  @Test
  void sessionModeServes() throws IOException {
    String direct = SERVERS.postgres().uri();
    try (OwnPgBouncer bouncer = OwnPgBouncer.start(directory, direct, "session");
        RunningService service =
            new RunningService(
                bouncer.uri(direct),
                SERVERS.redis().uri(),
                Map.of("CANVAS_DATA_INSTANCES", "1", "CANVAS_POSTGRES_TIMEOUT", "10s"))) {
      service.put(1);
      assertEquals(200, service.get("/api/products/1/media").statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "statement"})
  void otherModesAreRefusedAtTheStartAndByTheDoctor(String mode) throws IOException {
    String direct = SERVERS.postgres().uri();
    try (OwnPgBouncer bouncer = OwnPgBouncer.start(directory, direct, mode)) {
      Map<String, String> environment =
          Map.of(
              "CANVAS_POSTGRES_URI",
              bouncer.uri(direct),
              "CANVAS_REDIS_URI",
              SERVERS.redis().uri(),
              "CANVAS_AUTH_MODE",
              "none",
              "CANVAS_HTTP_PORT",
              "0",
              "CANVAS_MANAGEMENT_PORT",
              "0");
      String refused = CanvasProcess.run(1, environment, "serve");
      assertEquals(1, refused.lines().count(), refused);
      assertTrue(refused.contains("gives each transaction another session"), refused);
      assertTrue(refused.contains("pool_mode to session"), refused);
      String examined = CanvasProcess.run(1, environment, "doctor");
      assertTrue(examined.contains("gives each transaction another session"), examined);
    }
  }
}
