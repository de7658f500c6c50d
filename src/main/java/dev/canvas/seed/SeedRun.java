package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One load, from its first chunk to its outcome. {@link #run} blocks and belongs to one thread; the
 * other methods are thread-safe.
 */
public final class SeedRun {

  private static final Logger LOG = LoggerFactory.getLogger(SeedRun.class);
  private static final long REPORT_MS = 500;

  private final Target target;
  private final ProductSource source;
  private final RejectsFile rejects;
  private final Consumer<SeedProgress> listener;
  private final ProgressMeter meter;
  private final boolean isFile;
  private final LoadStreams streams;
  private volatile boolean cancelled;

  SeedRun(
      Target target,
      Target.RunPlan plan,
      ProductSource source,
      RejectsFile rejects,
      Consumer<SeedProgress> listener) {
    this.target = target;
    this.source = source;
    this.rejects = rejects;
    this.listener = listener;
    this.isFile = plan.request().file() != null;
    this.meter = new ProgressMeter(plan.run(), source, plan.tally());
    this.streams = new LoadStreams(target, plan.streams(), source, rejects, meter);
  }

  /** The progress now. */
  public SeedProgress progress() {
    return meter.progress();
  }

  /** Stops the load; it can be resumed. Has no effect once the load switches the catalogue. */
  public void cancel() {
    cancelled = true;
    streams.stop();
  }

  /**
   * Loads all products, publishes them, and reports the progress to the listener. A failure does
   * not throw: it becomes the outcome.
   *
   * @return the outcome
   */
  public SeedProgress run() {
    Timer reports = new Timer("canvas-seed-progress", true);
    reports.scheduleAtFixedRate(
        new TimerTask() {
          @Override
          public void run() {
            listener.accept(meter.progress());
          }
        },
        REPORT_MS,
        REPORT_MS);
    try {
      load();
      target.finish(meter::enter);
      meter.done(String.join("; ", notes()));
    } catch (SQLException | IOException | RuntimeException failure) {
      stop(failure);
    } catch (InterruptedException interrupted) {
      cancelled = true;
      stop(interrupted);
      Thread.currentThread().interrupt();
    } finally {
      reports.cancel();
      close();
    }
    listener.accept(meter.progress());
    return meter.progress();
  }

  private void load() throws SQLException, IOException, InterruptedException {
    if (source.products() >= 0) {
      target.expect(source.products());
    }
    streams.run();
    if (cancelled) {
      throw Problem.UNAVAILABLE.because("The load was cancelled; it can be resumed");
    }
    checkNotEmpty();
  }

  /** A load that loads nothing of a file has failed, whatever it did with the records. */
  private void checkNotEmpty() {
    SeedProgress read = meter.progress();
    if (read.loaded() == 0 && read.rejected() > 0) {
      throw Problem.TOO_MANY_REJECTS.because(
          "The source has no product: all %d records are invalid, see %s",
          read.rejected(), rejects.file());
    }
    if (read.loaded() == 0 && isFile) {
      throw Problem.MALFORMED_REQUEST.because(
          "The source has no product: expected at least one record");
    }
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(source.notes());
    if (meter.partials() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d products were loaded without their invalid items, see %s",
              meter.partials(),
              rejects.file()));
    }
    return notes;
  }

  private void stop(Exception broken) {
    Exception failure = broken instanceof SQLException refusal ? Failures.of(refusal) : broken;
    if (!cancelled && !(failure instanceof ProblemException)) {
      LOG.error("The load failed", failure);
    }
    try {
      target.stop(cancelled);
    } catch (SQLException | ProblemException unreachable) {
      LOG.warn(
          "The store could not record that the load stopped ({}). The load can be resumed all the"
              + " same.",
          unreachable.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    meter.fail(
        cancelled ? SeedProgress.Phase.CANCELLED : SeedProgress.Phase.FAILED,
        Failures.text(failure));
  }

  private void close() {
    try {
      rejects.close();
      target.close();
    } catch (IOException | SQLException failure) {
      LOG.warn("The load could not release its connections: {}", failure.getMessage());
    }
  }
}
