package dev.canvas.seed;

import dev.canvas.media.MediaRules;
import dev.canvas.media.Problem;
import dev.canvas.seed.source.GeneratedSource;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.source.RecordReader;
import dev.canvas.seed.source.SingleReaderSource;
import dev.canvas.seed.source.SourceFile;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Starts loads of one store: validates the request, opens the source, and claims the store.
 * Blocking: not for an event loop. Thread-safe.
 */
public final class SeedLauncher {

  private final TargetStore store;
  private final MediaRules rules;

  /**
   * @param store where its schema or its database is already prepared
   * @param rules that every product has to satisfy
   */
  public SeedLauncher(TargetStore store, MediaRules rules) {
    this.store = store;
    this.rules = rules;
  }

  /**
   * Begins a load, or resumes the last one; {@link SeedRun#run} then performs it.
   *
   * @param listener gets the progress twice a second and at the end, on any thread
   * @throws dev.canvas.media.ProblemException if the load cannot begin: {@link
   *     Problem#SEEDER_BUSY}, {@link Problem#NOTHING_TO_RESUME}, {@link Problem#ALREADY_THERE}, or
   *     {@link Problem#MALFORMED_REQUEST} for an unusable source
   */
  public SeedRun begin(SeedRequest request, Consumer<SeedProgress> listener)
      throws SQLException, IOException, InterruptedException {
    SeedRequest effective = request.resume() ? requestToResume(request) : request;
    RecordReader records = records(effective);
    Target target = null;
    try {
      target = store.open();
      Target.RunPlan plan = target.begin(request);
      RejectsFile rejects =
          new RejectsFile(
              effective.rejectsFile(),
              plan.tally().rejected(),
              Math.max(effective.maxErrors(), request.maxErrors()));
      return new SeedRun(target, plan, source(plan, records), rejects, listener);
    } catch (SQLException | InterruptedException | RuntimeException failure) {
      if (target != null) {
        target.close();
      }
      if (records != null) {
        records.close();
      }
      throw failure;
    }
  }

  /** The request of the last load, if that load can be resumed. */
  public Optional<SeedRequest> interrupted() throws SQLException, InterruptedException {
    return store.lastRun().filter(run -> !run.isOver()).map(TargetStore.LastRun::request);
  }

  /** The progress or the outcome of the last load, in whichever process it ran. */
  public SeedProgress last() throws SQLException, InterruptedException {
    return store
        .lastRun()
        .map(TargetStore.LastRun::progress)
        .orElse(new SeedProgress(0, SeedProgress.Phase.IDLE, 0, -1, -1, 0, 0, 0, 0, ""));
  }

  private SeedRequest requestToResume(SeedRequest request)
      throws SQLException, InterruptedException {
    SeedRequest interrupted = interrupted().orElse(request);
    if (request.namesSource() && !request.hasSameSourceAs(interrupted)) {
      throw Problem.NOTHING_TO_RESUME.because(
          "The interrupted load reads %s, not %s: omit the source to resume it, or omit --resume to"
              + " start a new load",
          interrupted.describeSource(), request.describeSource());
    }
    return interrupted;
  }

  /**
   * Opens the source before anything is changed, as it may be unusable; null for generated ones.
   */
  private RecordReader records(SeedRequest request) throws SQLException, IOException {
    ProductParser parser = new ProductParser(rules, request.keepGood());
    if (request.fromTable()) {
      return store.shoeImages(parser);
    }
    return request.file() == null ? null : SourceFile.open(request.file(), parser);
  }

  private static ProductSource source(Target.RunPlan plan, RecordReader records) {
    SeedRequest request = plan.request();
    IntPredicate isDone = plan.doneChunks()::contains;
    return records != null
        ? new SingleReaderSource(records, plan.streams(), plan.batch(), isDone)
        : new GeneratedSource(
            request.samples(),
            request.randomSeed(),
            request.firstId(),
            request.rows(),
            plan.batch(),
            isDone);
  }
}
