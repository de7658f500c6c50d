package dev.canvas.seed;

import dev.canvas.bus.ControlConsumers;
import dev.canvas.control.SeedControl;
import dev.canvas.media.Problem;
import dev.canvas.seed.source.Failures;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Loads the store on demand of the event bus, one load at a time, on threads of its own. It takes
 * no connection until it is asked. Deploy one.
 */
public final class SeedVerticle extends VerticleBase implements SeedControl {

  /** One loads, another is for questions meanwhile. */
  private static final int THREADS = 2;

  /** A load may take hours; its thread is not to be reported as blocked. */
  private static final int MAX_HOURS = 1_000;

  private final SeedLauncher seeder;
  private WorkerExecutor workers;
  private Future<SeedProgress> last = Future.succeededFuture();
  private volatile SeedRun running;

  /**
   * @param seeder does the work
   */
  public SeedVerticle(SeedLauncher seeder) {
    this.seeder = seeder;
  }

  @Override
  public Future<?> start() {
    workers =
        vertx.createSharedWorkerExecutor("canvas-seed-run", THREADS, MAX_HOURS, TimeUnit.HOURS);
    return ControlConsumers.register(vertx, this);
  }

  /** A load that is under way ends; it can go on later. */
  @Override
  public Future<?> stop() {
    SeedRun run = running;
    if (run != null) {
      run.cancel();
    }
    return last.otherwiseEmpty().eventually(workers::close);
  }

  @Override
  public Future<JsonObject> start(JsonObject body) {
    SeedRequest request = SeedRequest.of(body);
    return blocking(
            () ->
                seeder.begin(
                    request,
                    progress -> ControlConsumers.publishProgress(vertx, progress.toJson())))
        .onSuccess(
            run -> {
              running = run;
              last = blocking(run::run).onComplete(over -> running = null);
            })
        .map(run -> run.progress().toJson());
  }

  @Override
  public Future<JsonObject> status() {
    SeedRun run = running;
    return run != null
        ? Future.succeededFuture(run.progress().toJson())
        : blocking(() -> seeder.last().toJson());
  }

  @Override
  public Future<JsonObject> cancel() {
    SeedRun run = running;
    if (run == null) {
      return Future.failedFuture(
          Problem.NOTHING_TO_RESUME.because(
              "This node loads nothing now, so there is no end to it"));
    }
    run.cancel();
    return Future.succeededFuture(run.progress().toJson());
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return workers
        .executeBlocking(work, false)
        .recover(
            failure ->
                failure instanceof SQLException refusal
                    ? Future.failedFuture(Failures.of(refusal))
                    : Future.failedFuture(failure));
  }
}
