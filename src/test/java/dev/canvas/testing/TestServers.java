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
 * The Postgres and the Redis for integration tests, shared by all tests of a JVM. They are those
 * that {@code CANVAS_TEST_POSTGRES_URI} and {@code CANVAS_TEST_REDIS_URI} name, otherwise
 * containers if a Docker engine answers, otherwise servers from jars. {@code CANVAS_TEST_SERVERS}
 * forces one of the three: {@code uri}, {@code docker} or {@code embedded}.
 *
 * @param postgresUri of a database in which others may be created
 */
public record TestServers(String postgresUri, String redisUri) {

  /** The directory into which programs are unpacked from jars, once for all tests of a build. */
  public static final Path BINARIES = Path.of("target", "test-binaries").toAbsolutePath();

  private static final class Shared {
    static final TestServers SERVERS = start();
  }

  /** Starts the servers at the first call. They stop with the JVM. */
  public static TestServers shared() {
    return Shared.SERVERS;
  }

  private static TestServers start() {
    String forced = System.getenv("CANVAS_TEST_SERVERS");
    if (forced == null) {
      return configured().or(TestServers::containers).orElseGet(TestServers::embedded);
    }
    return switch (forced) {
      case "uri" ->
          configured()
              .orElseThrow(
                  () ->
                      unusable(
                          "uri: set CANVAS_TEST_POSTGRES_URI and CANVAS_TEST_REDIS_URI as well"));
      case "docker" ->
          containers()
              .orElseThrow(() -> unusable("docker, but no Docker engine answers: is it started?"));
      case "embedded" -> embedded();
      default -> throw unusable("'" + forced + "': expected uri, docker or embedded");
    };
  }

  private static IllegalStateException unusable(String what) {
    return new IllegalStateException("CANVAS_TEST_SERVERS is " + what);
  }

  private static Optional<TestServers> configured() {
    String postgres = System.getenv("CANVAS_TEST_POSTGRES_URI");
    String redis = System.getenv("CANVAS_TEST_REDIS_URI");
    return postgres == null || redis == null
        ? Optional.empty()
        : Optional.of(new TestServers(postgres, redis));
  }

  @SuppressWarnings("resource") // They stop with the JVM.
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
    stopWithTheJvm(postgres);
    stopWithTheJvm(redis);
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

  @SuppressWarnings("resource") // They stop with the JVM.
  private static TestServers embedded() {
    PostgresServer postgres = PostgresServer.start(temporary(), BINARIES, 0, line -> {});
    stopWithTheJvm(postgres);
    RedisServer redis = RedisServer.start(temporary(), BINARIES, 0, line -> {});
    stopWithTheJvm(redis);
    return new TestServers(postgres.uri(), redis.uri());
  }

  private static String image(String variable, String defaultImage) {
    return Objects.requireNonNullElse(System.getenv(variable), defaultImage);
  }

  /** Creates an empty directory under {@code target}, so that {@code mvn clean} deletes it. */
  static Path temporary() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
      return Files.createTempDirectory(parent, "servers");
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static void stopWithTheJvm(AutoCloseable server) {
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
