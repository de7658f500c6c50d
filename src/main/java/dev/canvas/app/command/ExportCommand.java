package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.data.CatalogueVerticle;
import dev.canvas.media.ProblemException;
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

/** Writes all documents of the store to a file or to standard output. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes all documents in the order of their product ids, one per line (NDJSON), to a file or"
          + " to standard output.",
      "Reads the store directly (CANVAS_POSTGRES_URI, or CANVAS_COUCHDB_URI with"
          + " CANVAS_STORE=couchdb): the service need not run.",
      "'./canvas seed --file' and 'POST /api/media/bulk' read this format."
    })
public final class ExportCommand implements Callable<Integer> {

  private static final int CONNECT_SECONDS = 10;
  private static final int CLOSE_SECONDS = 5;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "only products with a higher id; appends to an existing file")
  private String after;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "the file to write, compressed if its name ends with .gz; - is standard output (default)")
  private Path file;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long first = after == null ? -1 : productId(after);
    Configuration configuration = option.load(spec.commandLine().getErr());
    Path target = ExportOutput.named(file);
    // Without a file, standard output is reserved for the documents.
    PrintWriter progress =
        target == null ? spec.commandLine().getErr() : spec.commandLine().getOut();
    try (ShutdownHook shutdown = new ShutdownHook()) {
      Vertx vertx =
          Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
      shutdown.add(() -> vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS));
      CatalogueVerticle catalogue = connect(vertx, configuration);
      try (ExportOutput output = ExportOutput.open(target, after != null)) {
        return new CatalogueExport(
                catalogue,
                output,
                new ExportProgress(progress, spec.commandLine().getErr(), target))
            .run(first);
      }
    } catch (InterruptedException interrupted) {
      throw new StartFailure("Interrupted", interrupted);
    } catch (IOException failure) {
      throw new StartFailure(
          "The end of the export cannot be written: " + failure.getMessage(), failure);
    }
  }

  private long productId(String text) {
    try {
      return ProductId.parse(text).value();
    } catch (ProblemException invalid) {
      throw new ParameterException(
          spec.commandLine(), "invalid --after: " + invalid.getMessage(), invalid);
    }
  }

  private static CatalogueVerticle connect(Vertx vertx, Configuration configuration)
      throws InterruptedException {
    CatalogueVerticle catalogue = new CatalogueVerticle(configuration.data());
    try {
      vertx
          .deployVerticle(catalogue)
          .toCompletionStage()
          .toCompletableFuture()
          .get(CONNECT_SECONDS, TimeUnit.SECONDS);
      return catalogue;
    } catch (ExecutionException failure) {
      throw StoreOperations.of(configuration).unusable(failure);
    } catch (TimeoutException late) {
      throw StoreOperations.of(configuration).unusable(late);
    }
  }
}
