package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import dev.canvas.http.management.ManagementSettings;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks a running Canvas at its management port.
 *
 * @param settings where that port is
 */
record ManagementPort(ManagementSettings settings) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Each verticle that is removed may take ten seconds to drain. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);

  JsonObject get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  JsonObject post(String path, JsonObject body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
  }

  private URI uri(String path) {
    try {
      InetAddress address = InetAddress.getByName(settings.host());
      String host =
          address.isAnyLocalAddress()
              ? InetAddress.getLoopbackAddress().getHostAddress()
              : settings.host();
      return new URI("http", null, host, settings.port(), path, null, null);
    } catch (IOException | URISyntaxException invalid) {
      throw new StartFailure(
          "management.host '" + settings.host() + "' cannot be resolved", invalid);
    }
  }

  private JsonObject send(HttpRequest.Builder builder) {
    if (!settings.key().isEmpty()) {
      builder.header("Authorization", "Bearer " + settings.key());
    }
    HttpRequest request = builder.timeout(RESPONSE_TIMEOUT).build();
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new StartFailure(ProblemException.fromJson(response.body()).getMessage());
      }
      return new JsonObject(response.body());
    } catch (IOException | DecodeException failure) {
      throw new StartFailure(
          "No Canvas responds at %s: start one, or set CANVAS_MANAGEMENT_HOST and CANVAS_MANAGEMENT_PORT"
              .formatted(request.uri()),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted", interrupted);
    }
  }
}
