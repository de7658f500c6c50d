package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.source.SampleCatalogue;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
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
 * Loads the products of a demonstration: the sample catalogue into an empty store, followed by
 * generated products up to a number. Blocking; used once.
 */
final class SampleLoad {

  private static final int CLOSE_SECONDS = 5;
  private static final String FAILED =
      "Loading products failed: %s. The loaded products are kept; start again to continue";

  private final Configuration configuration;
  private final Consumer<String> step;
  private final SampleCatalogue catalogue = SampleCatalogue.read();

  /**
   * @param step gets a line for each step that is done
   */
  SampleLoad(Configuration configuration, Consumer<String> step) {
    this.configuration = configuration;
    this.step = step;
  }

  /**
   * Loads the products that are missing.
   *
   * @param rows the number of generated products that the store should hold
   * @throws StartFailure if a load fails; the loaded products are kept
   */
  void run(long rows) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      load(SeedWiring.launcher(vertx, configuration), rows);
    } catch (SQLException | IOException failure) {
      throw new StartFailure(FAILED.formatted(StartFailure.reason(failure)), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted; start again to continue", interrupted);
    } finally {
      close(vertx);
    }
  }

  private void load(SeedLauncher launcher, long rows)
      throws SQLException, IOException, InterruptedException {
    long first = catalogue.size() + 1L;
    if (launcher.interrupted().filter(request -> request.firstId() == first).isPresent()) {
      run(launcher, SeedRequest.resumeLast());
    }
    if (number("select count(*) from (select from product_media limit 1) p") == 0) {
      run(launcher, SeedRequest.samples(first, rows));
      step.accept("loaded the sample catalogue: " + catalogue.size() + " products");
    }
    long generated =
        number(
            "select coalesce(max(product_id) + 1 - %d, 0) from product_media where product_id >= %d"
                .formatted(first, first));
    if (generated < rows) {
      run(launcher, SeedRequest.generate(first + generated, rows - generated));
    }
    if (rows > 0) {
      step.accept("generated products: %,d of %,d".formatted(Math.max(rows, generated), rows));
    }
  }

  private void run(SeedLauncher launcher, SeedRequest request)
      throws SQLException, IOException, InterruptedException {
    SeedScreen screen = SeedScreen.lines(step);
    SeedProgress last = launcher.begin(request, screen::show).run();
    if (last.phase() != SeedProgress.Phase.DONE) {
      throw new StartFailure(FAILED.formatted(last.detail()));
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection =
            PostgresDataSource.of(configuration.data().postgres()).getConnection();
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
      throw new StartFailure(
          "The load did not release its connections within " + CLOSE_SECONDS + " s", late);
    }
  }
}
