package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.FreePorts;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code canvas up}, as an operator uses it. */
class UpCommandIT {

  private static final Map<String, String> FREE_PORTS =
      Map.of("CANVAS_HTTP_PORT", "0", "CANVAS_MANAGEMENT_PORT", "0");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Shared by all tests, as the first start is slow. */
  private static Path data;

  @BeforeAll
  static void firstStart() throws IOException {
    Path parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
    data = Files.createTempDirectory(parent, "up");
    try (CanvasProcess canvas = up("--rows", "30")) {
      String site = site(canvas);
      String output = canvas.output();
      assertTrue(output.contains("creating the database (once)"), output);
      assertTrue(output.contains("loaded the sample catalogue: 12 products"), output);
      assertTrue(output.contains("generated products: 30 of 30"), output);
      assertEquals(200, get(site + "/api/products/42/media").statusCode());
      assertEquals(404, get(site + "/api/products/43/media").statusCode());
    }
  }

  @AfterAll
  static void noServerIsLeft() throws IOException {
    assertEquals(List.of(), serversOf(data));
  }

  @Test
  void servesEverySampleWithItsFilesAndPage() {
    try (CanvasProcess canvas = up()) {
      String site = site(canvas);
      int videos = 0;
      for (int id = 1; id <= 12; id++) {
        JsonObject document = new JsonObject(get(site + "/api/products/" + id + "/media").body());
        for (Object each : document.getJsonArray("media")) {
          JsonObject item = (JsonObject) each;
          HttpResponse<String> file = head(site + item.getString("url"));
          assertEquals(200, file.statusCode(), item.encode());
          assertEquals(
              item.getString("mime"), file.headers().firstValue("Content-Type").orElseThrow());
          videos += item.getString("type").equals("video") ? 1 : 0;
        }
        assertEquals(200, get(site + "/products/" + id).statusCode());
      }
      assertTrue(videos >= 4, videos + " videos");
      assertEquals(200, get(site + "/").statusCode());
    }
  }

  @Test
  void secondStartKeepsTheData() {
    try (CanvasProcess canvas = up()) {
      String site = site(canvas);
      assertEquals(200, get(site + "/api/products/42/media").statusCode());
      assertFalse(canvas.output().contains("loaded the sample"), canvas.output());
      awaitBothUp(canvas.awaitLine("Health +(http://\\S+)"));
      assertFalse(canvas.output().contains("Redis: connection lost"), canvas.output());
    }
  }

  @Test
  void theDoctorExaminesTheStoresOfTheOneThatIsUp() {
    Map<String, String> ports =
        Map.of(
            "CANVAS_HTTP_PORT", Integer.toString(FreePorts.one()),
            "CANVAS_MANAGEMENT_PORT", Integer.toString(FreePorts.one()));
    try (CanvasProcess canvas = new CanvasProcess(ports, "up", "--data-dir", data.toString())) {
      site(canvas);
      JsonObject report = new JsonObject(CanvasProcess.run(0, ports, "doctor", "--json"));
      assertEquals(0, report.getInteger("fail"), report::encodePrettily);
      String told = report.encode();
      String postgres = canvas.awaitLine("Postgres +postgresql://\\S+@(\\S+)");
      assertTrue(told.contains("@" + postgres + "\""), told);
      assertTrue(told.contains("is up with the stores below, its own (" + data), told);
      assertTrue(told.contains("the Canvas that is up listens on "), told);
      assertTrue(told.contains("that of " + data + " has "), told);
    }
  }

  @Test
  void sigtermStopsEverything() throws IOException {
    CanvasProcess canvas = up();
    site(canvas);
    canvas.terminate();
    // The documented bound is five seconds; this machine may be busy.
    canvas.exitCode(Duration.ofSeconds(60));
    assertEquals(List.of(), serversOf(data));
  }

  @Test
  void serversThatAreKilledAreStartedAgain() throws IOException {
    CanvasProcess canvas = up();
    String media = site(canvas) + "/api/products/1/media";
    String health = canvas.awaitLine("Health +(http://\\S+)");
    kill(data.resolve("redis/redis.pid"));
    canvas.awaitLine("Redis does not run any more \\(process \\d+\\)");
    canvas.awaitLine("Redis runs again, as process \\d+");
    awaitBothUp(health);
    assertEquals(200, get(media).statusCode());
    kill(data.resolve("postgres/postmaster.pid"));
    canvas.awaitLine("Postgres does not run any more \\(process \\d+\\)");
    canvas.awaitLine("its log .*/logs/postgres.log ends with:");
    canvas.awaitLine("Postgres runs again, as process \\d+");
    awaitBothUp(health);
    assertEquals(200, get(media).statusCode());
    canvas.terminate();
    canvas.exitCode(Duration.ofSeconds(15));
    assertEquals(List.of(), serversOf(data));
  }

  @Test
  void startAfterAKillStopsOrphanedServers() {
    CanvasProcess killed = up();
    site(killed);
    killed.kill();
    killed.exitCode(Duration.ofSeconds(15));
    try (CanvasProcess canvas = up()) {
      assertEquals(200, get(site(canvas) + "/api/products/1/media").statusCode());
      assertTrue(canvas.output().contains("left over"), canvas.output());
    }
  }

  @Test
  void secondProcessOnTheSameDataIsRefused() {
    try (CanvasProcess first = up()) {
      String site = site(first);
      CanvasProcess second = up();
      assertEquals(1, second.exitCode(Duration.ofSeconds(20)));
      assertTrue(lastLine(second).contains("is in use by process"), second.output());
      assertEquals(200, get(site + "/api/products/1/media").statusCode());
    }
  }

  @Test
  void portInUseIsReportedInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      CanvasProcess canvas =
          new CanvasProcess(
              Map.of("CANVAS_HTTP_PORT", port, "CANVAS_MANAGEMENT_PORT", "0"),
              "up",
              "--data-dir",
              data.toString());
      assertEquals(1, canvas.exitCode(Duration.ofSeconds(20)));
      assertTrue(canvas.output().startsWith("canvas: Port " + port + " "), canvas.output());
      assertTrue(canvas.output().contains("CANVAS_HTTP_PORT"), canvas.output());
      assertEquals(1, canvas.output().lines().count(), canvas.output());
    }
  }

  @Test
  void foreignDirectoryIsRefusedAndNotChanged(@TempDir Path foreign) throws IOException {
    Files.writeString(foreign.resolve("thesis.txt"), "years of work");
    for (String[] options : new String[][] {{}, {"--fresh"}}) {
      CanvasProcess canvas = upIn(foreign, options);
      assertEquals(1, canvas.exitCode(Duration.ofSeconds(20)));
      assertTrue(lastLine(canvas).contains(foreign.getFileName().toString()), canvas.output());
    }
    try (Stream<Path> files = Files.list(foreign)) {
      assertEquals(List.of("thesis.txt"), files.map(f -> f.getFileName().toString()).toList());
    }
    assertEquals("years of work", Files.readString(foreign.resolve("thesis.txt")));
  }

  @Test
  void freshDeletesTheData() throws IOException {
    Path own = Files.createTempDirectory(data.getParent(), "fresh");
    try (CanvasProcess canvas = upIn(own, "--rows", "1")) {
      assertEquals(200, get(site(canvas) + "/api/products/13/media").statusCode());
    }
    try (CanvasProcess canvas = upIn(own, "--fresh")) {
      String site = site(canvas);
      assertEquals(404, get(site + "/api/products/13/media").statusCode());
      assertEquals(200, get(site + "/api/products/12/media").statusCode());
    }
  }

  @Test
  void listensOnLoopbackWhateverIsConfigured() {
    try (CanvasProcess canvas =
        new CanvasProcess(
            Map.of(
                "CANVAS_HTTP_PORT", "0",
                "CANVAS_MANAGEMENT_PORT", "0",
                "CANVAS_HTTP_HOST", "0.0.0.0"),
            "up",
            "--data-dir",
            data.toString())) {
      assertTrue(site(canvas).startsWith("http://127.0.0.1:"), canvas.output());
    }
  }

  private static CanvasProcess up(String... options) {
    return upIn(data, options);
  }

  private static CanvasProcess upIn(Path directory, String... options) {
    String[] arguments =
        Stream.concat(Stream.of("up", "--data-dir", directory.toString()), Stream.of(options))
            .toArray(String[]::new);
    return new CanvasProcess(FREE_PORTS, arguments);
  }

  private static String site(CanvasProcess canvas) {
    String site = canvas.awaitLine("Catalogue +(http://\\S+)/");
    canvas.awaitLine("writing needs no key. Press Ctrl-C to stop everything");
    return site;
  }

  private static String lastLine(CanvasProcess canvas) {
    return canvas.output().lines().reduce((first, second) -> second).orElse("");
  }

  /** The processes whose working directory is in a data directory (Linux). */
  private static List<String> serversOf(Path directory) throws IOException {
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      return processes
          .filter(process -> isWithin(Path.of("/proc", process.pid() + "", "cwd"), directory))
          .map(process -> process.pid() + " " + process.info().command().orElse("?"))
          .toList();
    }
  }

  private static boolean isWithin(Path link, Path directory) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory);
    } catch (IOException gone) {
      return false;
    }
  }

  /** Kills a server with SIGKILL. */
  private static void kill(Path pidFile) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  private static void awaitBothUp(String health) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !get(health).body().contains("DOWN") && get(health).statusCode() == 200);
  }

  private static HttpResponse<String> get(String uri) {
    return send(HttpRequest.newBuilder(URI.create(uri)).build());
  }

  private static HttpResponse<String> head(String uri) {
    return send(
        HttpRequest.newBuilder(URI.create(uri))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
