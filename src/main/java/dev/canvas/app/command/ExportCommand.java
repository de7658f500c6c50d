package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ConfigurationOption;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.Lifetime;
import dev.canvas.app.server.ServiceStart;
import dev.canvas.data.CatalogueVerticle;
import dev.canvas.media.ProductId;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes all documents of the store to a file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes all documents by their numbers, one a line (NDJSON), to a file or to standard output.",
      "Reads the store itself, which CANVAS_POSTGRES_URI names (with CANVAS_STORE=couchdb"
          + " CANVAS_COUCHDB_URI): no service has to run, and a running one is not asked.",
      "./canvas seed --file and POST /api/media/bulk read what it writes."
    })
public final class ExportCommand implements Callable<Integer> {

  private static final int START_SECONDS = 10;
  private static final int END_SECONDS = 5;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "only products with a higher number; a file that is there is added to")
  private String after;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "where to; compressed where it ends with .gz (default: standard output)")
  private Path file;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long from = after == null ? -1 : productId(after);
    Configuration configuration = option.load(spec.commandLine().getErr());
    // Standard output is for the documents where no file is.
    PrintWriter out = file == null ? spec.commandLine().getErr() : spec.commandLine().getOut();
    try (Lifetime lifetime = new Lifetime()) {
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
      lifetime.add(() -> vertx.close().await(END_SECONDS, TimeUnit.SECONDS));
      CatalogueVerticle pages = connect(vertx, configuration);
      try (ExportFile target = ExportFile.open(file, after != null)) {
        return new Export(pages, target, new ExportScreen(out, file)).run(from) ? 0 : 1;
      }
    } catch (InterruptedException interrupted) {
      throw new StartFailure("Interrupted", interrupted);
    } catch (IOException full) {
      throw new StartFailure("The export cannot be written to its end: " + full.getMessage(), full);
    }
  }

  private long productId(String text) {
    try {
      return ProductId.parse(text).value();
    } catch (dev.canvas.media.ProblemException wrong) {
      throw new ParameterException(spec.commandLine(), "--after: " + wrong.getMessage(), wrong);
    }
  }

  private static CatalogueVerticle connect(Vertx vertx, Configuration configuration)
      throws InterruptedException {
    CatalogueVerticle pages = new CatalogueVerticle(configuration.data());
    try {
      vertx
          .deployVerticle(pages)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
      return pages;
    } catch (ExecutionException failure) {
      throw new StartFailure(
          "The store cannot be read: %s. Is it running, and do CANVAS_STORE and CANVAS_%s_URI name it?"
              .formatted(
                  ServiceStart.firstLine(failure.getCause()), configuration.data().store().name()),
          failure);
    } catch (TimeoutException late) {
      throw new StartFailure("The store did not answer in " + START_SECONDS + " s", late);
    }
  }
}
