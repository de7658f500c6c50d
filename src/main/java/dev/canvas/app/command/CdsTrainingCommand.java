package dev.canvas.app.command;

import dev.canvas.app.Main;
import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.Lifetime;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ServiceStart;
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
 * Starts and asks the service without its servers, and loads by name what is then left out, so that
 * the JVM can archive the classes of a start ({@code -XX:ArchiveClassesAtExit}, JEP 350). Run by
 * the launcher and by the build of the image.
 */
@Command(name = "rehearse", hidden = true, description = "Loads what a start loads.")
public final class CdsTrainingCommand implements Callable<Integer> {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int PATIENCE_SECONDS = 10;

  /** What only runs once there is a server: a class of each of those jars. */
  private static final List<Class<?>> WITH_SERVERS =
      List.of(
          Main.class,
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
    try (Lifetime lifetime = new Lifetime()) {
      Server server = new Server(configuration);
      lifetime.add(() -> server.stop().await(PATIENCE_SECONDS, TimeUnit.SECONDS));
      MeterRegistry registry = new SimpleMeterRegistry();
      HttpVerticle http =
          new HttpVerticle(configuration.http(), new ConnectionLimit(10, registry), registry);
      server.vertx().deployVerticle(http).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (String path : List.of("/", "/products/1", "/api/products/1/media", "/samples/none")) {
        ask(http.port(), path);
      }
      refused(() -> ServiceStart.migrate(configuration));
      refused(() -> server.start().await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    for (Class<?> one : WITH_SERVERS) {
      loadAll(one.getProtectionDomain().getCodeSource());
    }
    return 0;
  }

  /** Nobody listens there. */
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
            "CANVAS_AUTH_MODE", "none"));
  }

  private static void ask(int port, String path) throws IOException {
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

  /** What fails for want of a server has loaded its classes all the same. */
  private static void refused(Attempt attempt) {
    try {
      attempt.run();
    } catch (Exception expected) {
      // As there is no server.
    }
  }

  private static void loadAll(CodeSource jar) throws IOException {
    if (!jar.getLocation().getPath().endsWith(".jar")) {
      return;
    }
    try (JarFile file = new JarFile(jar.getLocation().getPath())) {
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
      // It needs a library that is not part of this service.
    }
  }
}
