package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.testing.KillableServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a service with several data verticles logs while its servers are killed and restarted. */
class OutageLogIT {

  @Test
  void anOutageIsALineAtItsBeginningAndOneAtItsEnd() {
    try (KillableServers servers = new KillableServers();
        CanvasProcess canvas = new CanvasProcess(settings(servers), "serve")) {
      canvas.awaitLine("serves on http");
      servers.redis().kill();
      canvas.awaitLine("Redis: connection lost \\(.*\\); reconnecting");
      servers.redis().restart();
      canvas.awaitLine("Redis: connected again after [0-9.]+ s");
      servers.postgres().kill();
      canvas.awaitLine("Postgres: connection lost \\(.*\\); reconnecting");
      servers.postgres().restart();
      canvas.awaitLine("Postgres: connected again after [0-9.]+ s");
      List<String> lines =
          canvas
              .output()
              .lines()
              .filter(line -> line.contains("WARN") || line.contains("OutageLog"))
              .map(line -> line.replaceFirst(".*OutageLog: (\\w+: \\w+ \\w+).*", "$1"))
              .toList();
      assertEquals(
          List.of(
              "Redis: connection lost",
              "Redis: connected again",
              "Postgres: connection lost",
              "Postgres: connected again"),
          lines);
    }
  }

  private static Map<String, String> settings(KillableServers servers) {
    return Map.of(
        // The tests' own configuration leaves out what is no warning.
        "JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=conf/logback.xml",
        "CANVAS_POSTGRES_URI", servers.postgres().uri(),
        "CANVAS_REDIS_URI", servers.redis().uri(),
        "CANVAS_DATA_INSTANCES", "4",
        "CANVAS_HTTP_HOST", "127.0.0.1",
        "CANVAS_HTTP_PORT", "0",
        "CANVAS_MANAGEMENT_PORT", "0",
        "CANVAS_AUTH_MODE", "none",
        // Long enough for a busy machine: only a server that is killed is to be lost.
        "CANVAS_REDIS_TIMEOUT", "2s",
        "CANVAS_POSTGRES_TIMEOUT", "5s");
  }
}
