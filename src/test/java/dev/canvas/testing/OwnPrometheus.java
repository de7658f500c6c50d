package dev.canvas.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * The installed {@code prometheus} with the configuration and the rules of {@code conf/prometheus},
 * of which only the intervals and the target are changed.
 */
public final class OwnPrometheus implements AutoCloseable {

  private static final Path CONFIGURATION = Path.of("conf", "prometheus");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final int port;

  private OwnPrometheus(Process process, int port) {
    this.process = process;
    this.port = port;
    TestServers.stopWithTheJvm(process::destroyForcibly);
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param directory for its files
   * @param target the management port of the service on 127.0.0.1
   */
  public static OwnPrometheus start(Path directory, int target) throws IOException {
    int port = FreePorts.one();
    Files.copy(CONFIGURATION.resolve("rules.yml"), directory.resolve("rules.yml"));
    Path file =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            Files.readString(CONFIGURATION.resolve("prometheus.yml"))
                .replace("canvas:1122", "127.0.0.1:" + target)
                .replace("_interval: 15s", "_interval: 1s"));
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    OwnPrometheus prometheus = new OwnPrometheus(process, port);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !process.isAlive() || prometheus.get("/-/ready").statusCode() == 200);
    if (!process.isAlive()) {
      throw new IllegalStateException(Files.readString(directory.resolve("log")));
    }
    return prometheus;
  }

  /** How many series an expression has now. */
  public int series(String expression) {
    return query(expression).size();
  }

  private JsonArray query(String expression) {
    HttpResponse<String> response =
        get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    JsonObject answer = new JsonObject(response.body());
    if (!answer.getString("status").equals("success")) {
      throw new IllegalArgumentException(expression + ": " + answer.getString("error"));
    }
    return answer.getJsonObject("data").getJsonArray("result");
  }

  private HttpResponse<String> get(String path) {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(20))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
