package dev.canvas.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process that runs some of the roles as a member of a cluster on the loopback address. */
final class ClusterNode implements AutoCloseable {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final CanvasProcess process;

  private ClusterNode(CanvasProcess process) {
    this.process = process;
  }

  /**
   * Starts a node; {@link #awaitStart} waits for it.
   *
   * @param port of its membership
   * @param members the ports of nodes to join
   */
  static ClusterNode start(
      String roles, int port, List<Integer> members, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CANVAS_ROLES", roles);
    environment.put("CANVAS_CLUSTER_ENABLED", "true");
    environment.put("CANVAS_CLUSTER_PORT", Integer.toString(port));
    environment.put(
        "CANVAS_CLUSTER_MEMBERS",
        String.join(",", members.stream().map(each -> "127.0.0.1:" + each).toList()));
    environment.put("CANVAS_HTTP_HOST", "127.0.0.1");
    environment.put("CANVAS_HTTP_PORT", "0");
    environment.put("CANVAS_MANAGEMENT_PORT", "0");
    environment.put("CANVAS_AUTH_MODE", "none");
    return new ClusterNode(new CanvasProcess(environment, "serve"));
  }

  ClusterNode awaitStart() {
    process.awaitLine("management on http");
    return this;
  }

  int httpPort() {
    return Integer.parseInt(process.awaitLine("serves on http://\\S+:(\\d+) "));
  }

  int managementPort() {
    return Integer.parseInt(process.awaitLine("management on http://\\S+:(\\d+)"));
  }

  CanvasProcess process() {
    return process;
  }

  HttpResponse<String> get(String path) {
    return send(httpPort(), "GET", path, "");
  }

  HttpResponse<String> put(long product, String body) {
    return send(httpPort(), "PUT", "/api/products/" + product + "/media", body);
  }

  HttpResponse<String> manage(String method, String path, String body) {
    return send(managementPort(), method, path, body);
  }

  /** The value of a metric; the sum of all series whose line begins so, or 0. */
  double metric(String prefix) {
    return manage("GET", "/metrics", "")
        .body()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static HttpResponse<String> send(int port, String method, String path, String body) {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(30))
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    process.kill();
    process.exitCode(Duration.ofSeconds(30));
  }
}
