package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import dev.canvas.app.doctor.RunningCanvas;
import dev.canvas.http.management.ManagementSettings;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks a running Canvas at its management port.
 *
 * @param settings where that port is
 */
record ManagementPort(ManagementSettings settings) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Each verticle that is removed may take ten seconds to drain. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);

  private static final int MAX_ANSWER = 1 << 16;

  JsonObject get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  JsonObject post(String path, JsonObject body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
  }

  /** The Canvas that answers there, if one does; another program is none. */
  Optional<RunningCanvas> canvas() {
    if (settings.port() == 0) {
      return Optional.empty();
    }
    try {
      JsonObject health = new JsonObject(look("/health/ready", ""));
      if (!health.containsKey("phase") || !health.containsKey("checks")) {
        return Optional.empty();
      }
      String told = look("/process", settings.key());
      RunningCanvas running = RunningCanvas.of(new JsonObject(told));
      return Optional.of(
          running.ports().isEmpty()
              ? RunningCanvas.silent(ProblemException.fromJson(told).getMessage())
              : running);
    } catch (IOException | DecodeException | ClassCastException other) {
      return Optional.empty();
    }
  }

  /** Reads an answer of any status that may come from any program, so neither long nor for long. */
  private String look(String path, String key) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri(path).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) CONNECT_TIMEOUT.toMillis());
    if (!key.isEmpty()) {
      connection.setRequestProperty("Authorization", "Bearer " + key);
    }
    boolean refused = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    try (InputStream body = refused ? connection.getErrorStream() : connection.getInputStream()) {
      return body == null ? "" : new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
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
