package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.data.StoreKind;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a load in the foreground. SIGINT and SIGTERM cancel it; it can then be resumed. */
@Command(
    name = "seed",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Loads products into the configured store while services read it.",
      "--resume continues an interrupted load without losing or repeating a product."
    })
public final class SeedCommand implements Callable<Integer> {

  private static final int BEGIN_SECONDS = 60;
  private static final int STOP_SECONDS = 15;

  @ArgGroup private Source source;

  @Option(
      names = "--truncate",
      description = {
        "replaces the whole catalogue: the fastest way. Services keep reading; they refuse writes",
        "until the load ends. With CouchDB, the database must be empty"
      })
  private boolean truncate;

  @Option(
      names = "--on-conflict",
      paramLabel = "ACTION",
      defaultValue = "replace",
      description =
          "keep, replace or refuse: what to do with products that the store already holds"
              + " (default: ${DEFAULT-VALUE})")
  private SeedRequest.OnConflict onConflict;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "products per commit (default: 50000 with --truncate, else 2000; 1000 for CouchDB)")
  private int batch;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "stops the load if more than N records are invalid (default: 100)")
  private Long maxErrors;

  @Option(
      names = "--keep-good",
      description = {
        "loads a product that has invalid items without them, and lists them in FILE.rejects",
        "(default: refuses the product)"
      })
  private boolean keepGood;

  @Option(
      names = "--random-seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "number that determines the generated products (default: ${DEFAULT-VALUE})")
  private long randomSeed;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "postgres or couchdb (default: the configured store, CANVAS_STORE)")
  private StoreKind store;

  @Option(
      names = "--resume",
      description = {
        "continues the last interrupted load with its own options;",
        "only --max-errors can be raised"
      })
  private boolean resume;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  /** Where the products come from: exactly one of these. */
  private static final class Source {
    @Option(
        names = "--rows",
        paramLabel = "N",
        description = "generates products 1 to N with nine items each")
    private long rows;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description =
            "reads NDJSON, or CSV with a header; either may be gzipped. - is standard input")
    private Path file;

    @Option(
        names = "--from-table",
        description = "adopts the first service's table shoe_images in the same Postgres database")
    private boolean fromTable;

    /** The file by its absolute name, because a resumed load may run in another directory. */
    String file() {
      return file == null
          ? null
          : file.toString().equals("-")
              ? SeedRequest.STANDARD_INPUT
              : file.toAbsolutePath().toString();
    }
  }

  @Override
  public Integer call() {
    Configuration configured = option.tellAndLoad(spec.commandLine().getErr());
    Configuration configuration = store == null ? configured : configured.withStore(store);
    SeedRequest request = request();
    StoreOperations.of(configuration).prepare();
    SeedScreen screen = SeedScreen.of(spec.commandLine().getOut());
    // The load has a thread of its own, because a signal interrupts this one: an interrupted thread
    // could leave a switch of the catalogue half done, while SeedRun.cancel cannot.
    ExecutorService thread = Executors.newSingleThreadExecutor(SeedCommand::daemon);
    try (ShutdownHook shutdown = new ShutdownHook()) {
      Vertx vertx =
          Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
      shutdown.add(() -> vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS));
      SeedLauncher launcher = SeedWiring.launcher(vertx, configuration);
      SeedRun run = begun(thread.submit(() -> launcher.begin(request, screen::show)));
      Future<SeedProgress> outcome = thread.submit(run::run);
      shutdown.add(
          () -> {
            run.cancel();
            outcome.get(STOP_SECONDS, TimeUnit.SECONDS);
          });
      SeedProgress last = awaited(outcome, screen);
      boolean hasRejectsFile = request.file() != null || request.fromTable();
      screen.end(last, hasRejectsFile ? request.rejectsFile().toString() : null);
      return last.phase() == SeedProgress.Phase.DONE ? 0 : 1;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      return 1;
    }
  }

  /** Prints the message at once: after a signal, the JVM does not wait for this thread. */
  private static SeedProgress awaited(Future<SeedProgress> outcome, SeedScreen screen)
      throws InterruptedException, ExecutionException {
    try {
      return outcome.get();
    } catch (InterruptedException interrupted) {
      screen.line("Interrupted; ./canvas seed --resume continues the load");
      throw interrupted;
    }
  }

  private static SeedRun begun(Future<SeedRun> beginning) throws InterruptedException {
    try {
      return beginning.get(BEGIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      Throwable failure = failed.getCause();
      if (failure instanceof SQLException refusal) {
        throw new StartFailure(Failures.of(refusal).getMessage());
      }
      if (failure instanceof ProblemException refusal) {
        throw new StartFailure(refusal.getMessage());
      }
      throw new StartFailure("The load could not begin: " + Failures.text(failure), failure);
    } catch (TimeoutException late) {
      throw new StartFailure("The load did not begin within " + BEGIN_SECONDS + " s", late);
    }
  }

  private static Thread daemon(Runnable load) {
    Thread thread = new Thread(load, "canvas-seed-run");
    thread.setDaemon(true);
    return thread;
  }

  private SeedRequest request() {
    Source from = source == null ? new Source() : source;
    boolean namesSource = from.rows != 0 || from.file != null || from.fromTable;
    try {
      return new SeedRequest(
              from.rows,
              from.file(),
              from.fromTable,
              1,
              false,
              randomSeed,
              truncate,
              onConflict,
              batch,
              maxErrors == null ? (resume ? 0 : 100) : maxErrors,
              keepGood,
              resume)
          .validated();
    } catch (ProblemException invalid) {
      throw new ParameterException(
          spec.commandLine(),
          invalid.getMessage()
              + (namesSource ? "" : " (--rows N, --file FILE, --from-table, or --resume)"),
          invalid);
    }
  }
}
