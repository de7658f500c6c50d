package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The health check of the image ({@code conf/container/health}), against a server of the JDK. */
class ContainerHealthTest {

  @Test
  void asksTheConfiguredAddressAndTellsReadinessByItsExitCode() throws Exception {
    int[] status = {200};
    InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    HttpServer server = HttpServer.create(new InetSocketAddress(another, 0), 0);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status[0], -1);
          exchange.close();
        });
    server.start();
    try {
      String port = Integer.toString(server.getAddress().getPort());
      Map<String, String> settings =
          new HashMap<>(
              Map.of("CANVAS_MANAGEMENT_HOST", "127.0.0.2", "CANVAS_MANAGEMENT_PORT", port));
      assertEquals(0, exitCode(settings));
      status[0] = 503;
      assertEquals(1, exitCode(settings));
      status[0] = 200;
      settings.put("CANVAS_MANAGEMENT_PORT", "tcp://10.0.0.1:" + port);
      assertEquals(1, exitCode(settings));
      settings.put("CANVAS_MANAGEMENT_PORT", port);
      settings.put("CANVAS_MANAGEMENT_HOST", "0.0.0.0");
      assertEquals(1, exitCode(settings), "it asks 127.0.0.1");
    } finally {
      server.stop(0);
    }
  }

  private static int exitCode(Map<String, String> settings)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("conf/container/health")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(settings);
    return builder.start().waitFor();
  }
}
