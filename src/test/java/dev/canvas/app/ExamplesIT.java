package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.FreePorts;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The programs in {@code examples}, with the interpreters of Debian, over the TCP bridge. */
class ExamplesIT {

  private static final int PORT = FreePorts.one();

  private static RunningService service;

  @BeforeAll
  static void start() {
    service =
        new RunningService(
            Map.of(
                "CANVAS_BRIDGE_TCP_PORT",
                Integer.toString(PORT),
                "CANVAS_AUTH_MODE",
                "keys",
                "CANVAS_AUTH_KEYS",
                "example:" + AccessSettings.Keys.hash("secret")));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void pythonWritesReadsAndFollowsAProduct() throws Exception {
    writesReadsAndFollows(3, "/python.jpg", "python3", "examples/python/product.py");
  }

  @Test
  void nodeWritesReadsAndFollowsAProduct() throws Exception {
    writesReadsAndFollows(4, "/node.jpg", "node", "examples/node/product.js");
  }

  private static void writesReadsAndFollows(long id, String url, String... program)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("127.0.0.1", Integer.toString(PORT), Long.toString(id)));
    String refused = run(1, command);
    assertTrue(refused.contains("urn:canvas:problem:unauthenticated"), refused);

    command.add("secret");
    String output = run(0, command);
    long version =
        new JsonObject(service.get("/api/products/" + id + "/media").body()).getLong("version");
    assertEquals("read %s%nheard of version %d%n".formatted(url, version), output);
  }

  private static String run(int expectedExitCode, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(expectedExitCode, process.waitFor(), output);
    return output;
  }
}
