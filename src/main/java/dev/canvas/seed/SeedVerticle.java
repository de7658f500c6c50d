package dev.canvas.seed;

import dev.canvas.bus.ControlConsumers;
import dev.canvas.control.SeedControl;
import dev.canvas.media.Problem;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Runs loads that are requested on the event bus, one at a time, on worker threads of its own. It
 * opens no connection before the first request. Deploy one instance.
 */
public final class SeedVerticle extends VerticleBase implements SeedControl {

  /** One thread loads while the other answers requests for the status. */
  private static final int THREADS = 2;

  /** Keeps Vert.x from reporting the thread of a load as blocked: a load may take hours. */
  private static final int MAX_HOURS = 1_000;

  private final SeedLauncher launcher;
  private WorkerExecutor workers;
  private Future<SeedProgress> outcome = Future.succeededFuture();
  private volatile SeedRun running;

  public SeedVerticle(SeedLauncher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Future<?> start() {
    workers =
        vertx.createSharedWorkerExecutor("canvas-seed-run", THREADS, MAX_HOURS, TimeUnit.HOURS);
    return ControlConsumers.register(vertx, this);
  }

  /** Cancels a running load, which can be resumed, and waits until it has stopped. */
  @Override
  public Future<?> stop() {
    SeedRun run = running;
    if (run != null) {
      run.cancel();
    }
    return outcome.otherwiseEmpty().eventually(workers::close);
  }

  @Override
  public Future<JsonObject> start(JsonObject body) {
    SeedRequest request = SeedRequest.of(body);
    return blocking(
            () ->
                launcher.begin(
                    request,
                    progress -> ControlConsumers.publishProgress(vertx, progress.toJson())))
        .onSuccess(
            run -> {
              running = run;
              outcome = blocking(run::run).onComplete(over -> running = null);
            })
        .map(run -> run.progress().toJson());
  }

  @Override
  public Future<JsonObject> status() {
    SeedRun run = running;
    return run != null
        ? Future.succeededFuture(run.progress().toJson())
        : blocking(() -> launcher.last().toJson());
  }

  @Override
  public Future<JsonObject> cancel() {
    SeedRun run = running;
    if (run == null) {
      return Future.failedFuture(
          Problem.NOTHING_TO_RESUME.because("No load is running on this node"));
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
