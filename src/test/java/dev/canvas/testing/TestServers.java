package dev.canvas.testing;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.embedded.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Postgres and the Redis that integration tests run against, one of each for all tests of a
 * JVM: those that {@code CANVAS_TEST_POSTGRES_URI} and {@code CANVAS_TEST_REDIS_URI} name; else
 * containers, where a Docker engine answers; else servers from jars. Never none. {@code
 * CANVAS_TEST_SERVERS} forces one of the three: {@code uri}, {@code docker} or {@code embedded}.
 *
 * @param postgresUri of a database in which others may be created
 */
public record TestServers(String postgresUri, String redisUri) {

  /** Where the programs from jars are unpacked, once for all tests of a build. */
  public static final Path BINARIES = Path.of("target", "test-binaries").toAbsolutePath();

  private static final class Shared {
    static final TestServers SERVERS = start();
  }

  /** Starts them at the first call; they end with the JVM. */
  public static TestServers shared() {
    return Shared.SERVERS;
  }

  private static TestServers start() {
    String forced = System.getenv("CANVAS_TEST_SERVERS");
    if (forced == null) {
      return named().or(TestServers::containers).orElseGet(TestServers::embedded);
    }
    return switch (forced) {
      case "uri" ->
          named()
              .orElseThrow(
                  () ->
                      notThere(
                          "uri: set CANVAS_TEST_POSTGRES_URI and CANVAS_TEST_REDIS_URI as well"));
      case "docker" ->
          containers()
              .orElseThrow(() -> notThere("docker, but no Docker engine answers: is it started?"));
      case "embedded" -> embedded();
      default -> throw notThere("'" + forced + "': expected uri, docker or embedded");
    };
  }

  private static IllegalStateException notThere(String what) {
    return new IllegalStateException("CANVAS_TEST_SERVERS is " + what);
  }

  private static Optional<TestServers> named() {
    String postgres = System.getenv("CANVAS_TEST_POSTGRES_URI");
    String redis = System.getenv("CANVAS_TEST_REDIS_URI");
    return postgres == null || redis == null
        ? Optional.empty()
        : Optional.of(new TestServers(postgres, redis));
  }

  @SuppressWarnings("resource") // They end with the JVM.
  private static Optional<TestServers> containers() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    PostgreSQLContainer postgres =
        new PostgreSQLContainer(
            DockerImageName.parse(image("CANVAS_TEST_POSTGRES_IMAGE", "postgres:18"))
                .asCompatibleSubstituteFor("postgres"));
    GenericContainer<?> redis =
        new GenericContainer<>(DockerImageName.parse(image("CANVAS_TEST_REDIS_IMAGE", "redis:7")))
            .withExposedPorts(6379);
    endWithTheJvm(postgres);
    endWithTheJvm(redis);
    postgres.start();
    redis.start();
    return Optional.of(
        new TestServers(
            "postgresql://%s:%s@%s:%d/%s"
                .formatted(
                    postgres.getUsername(),
                    postgres.getPassword(),
                    postgres.getHost(),
                    postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                    postgres.getDatabaseName()),
            "redis://%s:%d".formatted(redis.getHost(), redis.getMappedPort(6379))));
  }

  @SuppressWarnings("resource") // They end with the JVM.
  private static TestServers embedded() {
    PostgresServer postgres = PostgresServer.start(temporary(), BINARIES, 0, line -> {});
    endWithTheJvm(postgres);
    RedisServer redis = RedisServer.start(temporary(), BINARIES, 0, line -> {});
    endWithTheJvm(redis);
    return new TestServers(postgres.uri(), redis.uri());
  }

  private static String image(String variable, String usual) {
    return Objects.requireNonNullElse(System.getenv(variable), usual);
  }

  /** An empty directory under the build's own, so that {@code mvn clean} takes it away. */
  static Path temporary() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
      return Files.createTempDirectory(parent, "servers");
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static void endWithTheJvm(AutoCloseable server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    server.close();
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                }));
  }
}
