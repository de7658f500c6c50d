package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.http.HttpVerticle;
import dev.canvas.http.connection.ConnectionLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.pgclient.PgBuilder;
import io.vertx.redis.client.Redis;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;

/**
 * Loads the classes that a start needs, so that the JVM can archive them for class-data sharing
 * ({@code -XX:ArchiveClassesAtExit}, JEP 350). Starts and requests the service without its servers,
 * then loads by name the classes of the libraries that only run with servers. Run by the launcher
 * and by the build of the image.
 */
@Command(
    name = "train-cds",
    hidden = true,
    description = "Loads the classes that a start needs, for the class-data archive.")
public final class CdsTrainingCommand implements Callable<Integer> {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int TIMEOUT_SECONDS = 10;

  /** One class from each jar whose classes are only used once a server responds. */
  private static final List<Class<?>> JARS_TO_LOAD =
      List.of(
          CdsTrainingCommand.class,
          Flyway.class,
          PGSimpleDataSource.class,
          PgBuilder.class,
          SqlConnection.class,
          Redis.class);

  private interface Attempt {
    void run() throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Configuration configuration = withoutServers();
    try (ShutdownHook shutdown = new ShutdownHook()) {
      Server server = new Server(configuration);
      shutdown.add(() -> server.stop().await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      MeterRegistry registry = new SimpleMeterRegistry();
      HttpVerticle http =
          new HttpVerticle(
              configuration.http(),
              configuration.http()::access,
              new ConnectionLimit(10, 0, registry),
              registry,
              HttpVerticle.readPages(configuration.http()));
      server.vertx().deployVerticle(http).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (String path : List.of("/", "/products/1", "/api/products/1/media", "/samples/none")) {
        get(http.port(), path);
      }
      expectFailure(() -> StoreOperations.of(configuration).prepare());
      expectFailure(() -> server.deploy().await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }
    for (Class<?> member : JARS_TO_LOAD) {
      loadAll(member.getProtectionDomain().getCodeSource());
    }
    return 0;
  }

  /** Names ports on which no server listens. */
  private static Configuration withoutServers() {
    return Configuration.load(
        null,
        Map.of(
            "CANVAS_HTTP_HOST", LOOPBACK,
            "CANVAS_HTTP_PORT", "0",
            "CANVAS_HTTP_INSTANCES", "1",
            "CANVAS_DATA_INSTANCES", "1",
            "CANVAS_MANAGEMENT_PORT", "0",
            "CANVAS_POSTGRES_URI", "postgresql://nobody@127.0.0.1:1/none",
            "CANVAS_REDIS_URI", "redis://127.0.0.1:1",
            "CANVAS_AUTH_MODE", "none",
            "CANVAS_START_TIMEOUT", "0s"));
  }

  private static void get(int port, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + LOOPBACK + ":" + port + path).toURL().openConnection();
    int status = connection.getResponseCode();
    try (InputStream body =
        status < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      body.readAllBytes();
    }
  }

  /** Runs code that fails without a server; it loads its classes before it fails. */
  private static void expectFailure(Attempt attempt) {
    try {
      attempt.run();
    } catch (Exception expected) {
      // There is no server.
    }
  }

  private static void loadAll(CodeSource source) throws IOException {
    Path jar = Path.of(URI.create(source.getLocation().toString()));
    if (!Files.isRegularFile(jar)) {
      return;
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .forEach(name -> load(name.substring(0, name.length() - ".class".length())));
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name.replace('/', '.'), false, CdsTrainingCommand.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError optional) {
      // The class needs an optional library that this service does not include.
    }
  }
}
