package dev.canvas.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;

/**
 * Provides the CouchDB server for integration tests, one for all tests of a JVM.
 *
 * <p>It is the server that {@code CANVAS_TEST_COUCHDB_URI} names; otherwise a container, if a
 * Docker engine has the image; otherwise express-pouchdb from npm, which implements CouchDB's
 * protocol. {@code CANVAS_TEST_SERVERS} forces one of the three. If none can be started, the tests
 * fail.
 */
public final class TestCouchDb {

  private static final Path SOURCE = Path.of("src", "test", "couchdb");
  private static final Path INSTALLED = Path.of("target", "couchdb");
  private static final String USER = "canvas";
  private static final int PORT = 5984;

  private static final class Shared {
    static final String URI = start();
  }

  private TestCouchDb() {}

  /** The URI of the server, with a user if it requires one. The server ends with the JVM. */
  public static String shared() {
    return Shared.URI;
  }

  private static String start() {
    String forced = System.getenv("CANVAS_TEST_SERVERS");
    if (forced == null) {
      return named().or(TestCouchDb::container).orElseGet(TestCouchDb::pouchDb);
    }
    return switch (forced) {
      case "uri" ->
          named().orElseThrow(() -> new IllegalStateException("set CANVAS_TEST_COUCHDB_URI"));
      case "docker" ->
          container()
              .orElseThrow(
                  () -> new IllegalStateException("the container did not start: see the log"));
      default -> pouchDb();
    };
  }

  private static Optional<String> named() {
    return Optional.ofNullable(System.getenv("CANVAS_TEST_COUCHDB_URI"));
  }

  @SuppressWarnings("resource") // The container ends with the JVM.
  private static Optional<String> container() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    String image =
        Objects.requireNonNullElse(System.getenv("CANVAS_TEST_COUCHDB_IMAGE"), "couchdb:3");
    GenericContainer<?> couchDb =
        new GenericContainer<>(image)
            .withEnv("COUCHDB_USER", USER)
            .withEnv("COUCHDB_PASSWORD", USER)
            .withExposedPorts(PORT);
    TestServers.stopWithTheJvm(couchDb);
    try {
      couchDb.start();
    } catch (ContainerFetchException noImage) {
      LoggerFactory.getLogger(TestCouchDb.class)
          .warn("The image {} is not available", image, noImage);
      return Optional.empty();
    }
    return Optional.of(
        "http://%s:%s@%s:%d".formatted(USER, USER, couchDb.getHost(), couchDb.getMappedPort(PORT)));
  }

  @SuppressWarnings("resource") // It ends with the JVM, as its standard input does.
  private static String pouchDb() {
    try {
      install();
      Process server =
          new ProcessBuilder("node", "server.js")
              .directory(INSTALLED.toFile())
              .redirectError(INSTALLED.resolve("server.log").toFile())
              .start();
      TestServers.stopWithTheJvm(server::destroy);
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException(
            "express-pouchdb did not start: " + Files.readString(INSTALLED.resolve("server.log")));
      }
      return "http://127.0.0.1:" + line.replaceFirst("\\D+", "");
    } catch (IOException failure) {
      throw new IllegalStateException(
          "express-pouchdb cannot be started: it needs nodejs 18 or later and npm", failure);
    }
  }

  /** Installs express-pouchdb, unless this version is installed already. */
  private static void install() throws IOException {
    Files.createDirectories(INSTALLED);
    Path done = INSTALLED.resolve("installed.json");
    String wanted = Files.readString(SOURCE.resolve("package-lock.json"));
    try (RandomAccessFile file = new RandomAccessFile(INSTALLED.resolve("lock").toFile(), "rw");
        FileLock alone = file.getChannel().lock()) {
      for (String each : List.of("package.json", "package-lock.json", "server.js")) {
        Files.copy(
            SOURCE.resolve(each), INSTALLED.resolve(each), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(done) || !Files.readString(done).equals(wanted)) {
        npm();
        Files.writeString(done, wanted);
      }
      alone.release();
    }
  }

  private static void npm() throws IOException {
    Path log = INSTALLED.resolve("npm.log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--omit=optional", "--no-audit", "--no-fund")
            .directory(INSTALLED.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (npm.waitFor() != 0) {
        throw new IllegalStateException("npm ci failed: " + Files.readString(log));
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
