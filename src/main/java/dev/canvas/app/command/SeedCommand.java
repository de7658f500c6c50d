package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.bus.Addresses;
import dev.canvas.data.StoreKind;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedProgress;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.SeedVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Loads the store. */
@Command(
    name = "seed",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Fills the store that is configured, while others read it.",
      "What was interrupted goes on with --resume, without a product lost or doubled."
    })
public final class SeedCommand implements Callable<Integer> {

  private static final int BEGIN_SECONDS = 60;
  private static final int END_SECONDS = 15;

  @ArgGroup private Source source;

  @Option(
      names = "--truncate",
      description = {
        "replaces all that is there: fastest. Reading goes on; writing is refused meanwhile.",
        "On CouchDB for an empty database only"
      })
  private boolean truncate;

  @Option(
      names = "--on-conflict",
      paramLabel = "WHAT",
      defaultValue = "replace",
      description = "keep, replace or refuse products that are there already (${DEFAULT-VALUE})")
  private SeedRequest.OnConflict onConflict;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "products that go in together (50000 with --truncate, else 2000; 1000 into CouchDB)")
  private int batch;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "stops after so many parts of the source that are no products (100)")
  private Long maxErrors;

  @Option(
      names = "--random-seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "generates the same products from the same number (${DEFAULT-VALUE})")
  private long randomSeed;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "postgres or couchdb, in place of the one that is configured (CANVAS_STORE)")
  private StoreKind store;

  @Option(
      names = "--resume",
      description = {
        "goes on with the last load that did not end, as it was begun;",
        "--max-errors may allow for more"
      })
  private boolean resume;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  /** Where the products come from; one of them. */
  private static final class Source {
    @Option(
        names = "--rows",
        paramLabel = "N",
        description = "generates the products 1 to N, nine items each")
    private long rows;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "NDJSON, or CSV with a header; .gz of both")
    private Path file;

    @Option(
        names = "--from-table",
        description = "adopts the first service's table shoe_images of the same Postgres")
    private boolean fromTable;
  }

  @Override
  public Integer call() {
    Configuration configured = option.load(spec.commandLine().getErr());
    Configuration configuration = store == null ? configured : configured.withStore(store);
    SeedRequest request = request();
    StoreOperations.of(configuration).prepare();
    SeedScreen screen = SeedScreen.of(spec.commandLine().getOut());
    CompletableFuture<SeedProgress> end = new CompletableFuture<>();
    try (ShutdownHook shutdown = new ShutdownHook()) {
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
      shutdown.add(() -> vertx.close().await(END_SECONDS, TimeUnit.SECONDS));
      vertx
          .eventBus()
          .<JsonObject>consumer(
              Addresses.SEED_PROGRESS,
              message -> {
                SeedProgress progress = SeedProgress.of(message.body());
                screen.show(progress);
                if (progress.phase().isOver()) {
                  end.complete(progress);
                }
              });
      begin(vertx, configuration, request.toJson());
      SeedProgress last = awaited(end, screen);
      screen.end(
          last,
          request.file() == null && !request.fromTable() ? null : request.rejectsFile().toString());
      return last.phase() == SeedProgress.Phase.DONE ? 0 : 1;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      return 1;
    }
  }

  /** Says it before the JVM is gone, which does not wait for this thread. */
  private static SeedProgress awaited(CompletableFuture<SeedProgress> end, SeedScreen screen)
      throws InterruptedException, ExecutionException {
    try {
      return end.get();
    } catch (InterruptedException interrupted) {
      screen.line("Interrupted; ./canvas seed --resume goes on");
      throw interrupted;
    }
  }

  private SeedRequest request() {
    Source from = source == null ? new Source() : source;
    boolean namesOne = from.rows != 0 || from.file != null || from.fromTable;
    try {
      return new SeedRequest(
              from.rows,
              from.file == null ? null : from.file.toAbsolutePath().toString(),
              from.fromTable,
              1,
              false,
              randomSeed,
              truncate,
              onConflict,
              batch,
              maxErrors == null ? (resume ? 0 : 100) : maxErrors,
              resume)
          .checked();
    } catch (ProblemException wrong) {
      throw new ParameterException(
          spec.commandLine(),
          wrong.getMessage() + (namesOne ? "" : " (--rows N, --file F, --from-table, or --resume)"),
          wrong);
    }
  }

  private static void begin(Vertx vertx, Configuration configuration, JsonObject request) {
    try {
      vertx
          .deployVerticle(new SeedVerticle(SeedWiring.of(vertx, configuration)))
          .compose(
              deployed ->
                  vertx
                      .eventBus()
                      .request(
                          Addresses.SEED_START,
                          request,
                          new DeliveryOptions().setSendTimeout(BEGIN_SECONDS * 1_000L)))
          .await(BEGIN_SECONDS, TimeUnit.SECONDS);
    } catch (ReplyException refused) {
      throw new StartFailure(ProblemException.fromJson(refused.getMessage()).getMessage());
    } catch (java.util.concurrent.TimeoutException late) {
      throw new StartFailure("The load did not begin in " + BEGIN_SECONDS + " s", late);
    }
  }
}
