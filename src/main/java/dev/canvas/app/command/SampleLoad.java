package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.PostgresDataSource;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.SeedProgress;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.source.SampleCatalogue;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The products of a demonstration: the sample catalogue where there is nothing, and generated ones
 * after it, up to a number. Blocking; used once.
 */
final class SampleLoad {

  private static final int CLOSE_SECONDS = 5;

  private final Configuration configuration;
  private final Consumer<String> step;
  private final SampleCatalogue catalogue = SampleCatalogue.read();

  /**
   * @param step told of what was done
   */
  SampleLoad(Configuration configuration, Consumer<String> step) {
    this.configuration = configuration;
    this.step = step;
  }

  /**
   * Loads what is missing.
   *
   * @param rows how many generated products there are to be
   * @throws StartFailure where the database refuses; what was loaded stays
   */
  void run(long rows) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      load(SeedWiring.of(vertx, configuration), rows);
    } catch (SQLException | IOException failure) {
      throw new StartFailure(
          "Loading products failed: %s. What was loaded stays; start again to go on"
              .formatted(StartFailure.reason(failure)),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted; start again to go on", interrupted);
    } finally {
      close(vertx);
    }
  }

  private void load(SeedLauncher seeder, long rows)
      throws SQLException, IOException, InterruptedException {
    long first = catalogue.size() + 1L;
    if (seeder.interrupted().filter(request -> request.firstId() == first).isPresent()) {
      run(seeder, SeedRequest.goOn());
    }
    if (number("select count(*) from (select from product_media limit 1) p") == 0) {
      run(seeder, SeedRequest.samples(first, rows));
      step.accept("loaded the sample catalogue: " + catalogue.size() + " products");
    }
    long there =
        number(
            "select coalesce(max(product_id) + 1 - %d, 0) from product_media where product_id >= %d"
                .formatted(first, first));
    if (there < rows) {
      run(seeder, SeedRequest.generate(first + there, rows - there));
    }
    if (rows > 0) {
      step.accept("generated products: %,d of %,d".formatted(Math.max(rows, there), rows));
    }
  }

  private void run(SeedLauncher seeder, SeedRequest request)
      throws SQLException, IOException, InterruptedException {
    SeedScreen screen = SeedScreen.lines(step);
    SeedProgress last = seeder.begin(request, screen::show).run();
    if (last.phase() != SeedProgress.Phase.DONE) {
      throw new StartFailure(
          "Loading products failed: %s. What was loaded stays; start again to go on"
              .formatted(last.detail()));
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection =
            PostgresDataSource.of(configuration.data().postgresUri()).getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void close(Vertx vertx) {
    try {
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new StartFailure("The seeder did not end", late);
    }
  }
}
