package dev.canvas.app;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.client.Addresses;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The ways by which the corpus reaches a running service and its store. */
final class CorpusDoors {

  private static final String JSON = "application/json";

  private final RunningService service;
  private final SeedLauncher launcher;
  private final Path directory;

  CorpusDoors(RunningService service, Path directory) {
    this.service = service;
    this.launcher =
        SeedWiring.launcher(
            service.vertx(), Configuration.load(null, SeedContract.environment(service)));
    this.directory = directory;
  }

  /** A status, and what the caller is told or what is stored. */
  record Answer(int status, String text) {

    private static Answer of(HttpResponse<String> response) {
      return new Answer(response.statusCode(), response.body());
    }
  }

  /**
   * What became of a loaded file.
   *
   * @param told why it did not begin, or how it ended
   * @param rejects the file of invalid records
   */
  record Load(long loaded, String told, String rejects) {}

  Answer put(long id, byte[] body) {
    return Answer.of(service.send("PUT", path(id), JSON, new ByteArrayInputStream(body)));
  }

  /** The result of one line. */
  Answer bulk(byte[] line) {
    List<JsonObject> results = bulkLines(line);
    if (results.size() != 1) {
      throw new AssertionError(results);
    }
    return new Answer(results.get(0).getInteger("status"), results.get(0).encode());
  }

  List<JsonObject> bulkLines(byte[] lines) {
    return service
        .send("POST", "/api/media/bulk", "application/x-ndjson", new ByteArrayInputStream(lines))
        .body()
        .lines()
        .map(JsonObject::new)
        .toList();
  }

  Answer images(String contentType, byte[] body) {
    return Answer.of(
        service.send("POST", "/api/images", contentType, new ByteArrayInputStream(body)));
  }

  /** A message, which can only hold what a JSON parser has read. */
  Answer bus(JsonObject body) throws Exception {
    try {
      JsonObject document =
          service
              .vertx()
              .eventBus()
              .<JsonObject>request(Addresses.MEDIA_PUT, body)
              .await(20, TimeUnit.SECONDS)
              .body();
      return new Answer(200, document.encode());
    } catch (ReplyException refused) {
      return new Answer(refused.failureCode(), refused.getMessage());
    }
  }

  /** A request whose first line and header fields need not be valid. */
  Answer raw(byte[] head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.setSoTimeout(20_000);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head);
      request.writeBytes(
          "\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(body.length)
              .getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(Integer.parseInt(answer.substring(9, 12)), answer);
    }
  }

  /** Loads a file as {@code canvas seed --file} does. */
  Load seed(String name, byte[] content) throws Exception {
    Path file = Files.write(directory.resolve(name), content);
    JsonObject request = SeedContract.file(file, "replace").put("max_errors", 1_000);
    Path rejects = Path.of(file + ".rejects");
    try {
      SeedProgress last = launcher.begin(SeedRequest.of(request), progress -> {}).run();
      return new Load(
          last.loaded(), last.detail(), Files.exists(rejects) ? Files.readString(rejects) : "");
    } catch (ProblemException refused) {
      return new Load(0, refused.getMessage(), "");
    }
  }

  /** The stored items of a product without their ids. */
  JsonArray items(long id) {
    HttpResponse<String> response = service.get(path(id));
    if (response.statusCode() != 200) {
      throw new AssertionError(response.body());
    }
    JsonArray items = new JsonObject(response.body()).getJsonArray("media");
    items.forEach(item -> ((JsonObject) item).remove("id"));
    return items;
  }

  /** The URLs of a product, pictures first, as the first service answers them. */
  String urls(long id) {
    JsonObject shoe = new JsonObject(service.get("/api/images?shoe_id=" + id).body());
    JsonArray urls = shoe.getJsonArray("data").addAll(shoe.getJsonArray("videos"));
    return String.join(",", urls.stream().map(String::valueOf).toList());
  }

  String version(long id) {
    return new JsonObject(service.get(path(id)).body()).getValue("version").toString();
  }

  static String path(long id) {
    return "/api/products/" + id + "/media";
  }
}
