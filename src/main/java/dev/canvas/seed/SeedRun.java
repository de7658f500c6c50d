package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.source.ProductSource;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One load, from its first chunk to its end. {@link #run} blocks and belongs to one thread; the
 * rest is thread-safe.
 */
public final class SeedRun {

  private static final Logger LOG = LoggerFactory.getLogger(SeedRun.class);
  private static final long TELL_MS = 500;

  private final Target target;
  private final ProductSource source;
  private final Rejects rejects;
  private final Consumer<SeedProgress> listener;
  private final ProgressMeter meter;
  private final LoadStreams loading;
  private volatile boolean cancelled;

  SeedRun(
      Target target,
      Target.Begun begun,
      ProductSource source,
      Rejects rejects,
      Consumer<SeedProgress> listener) {
    this.target = target;
    this.source = source;
    this.rejects = rejects;
    this.listener = listener;
    this.meter = new ProgressMeter(begun.number(), source, begun.loaded());
    this.loading = new LoadStreams(target, begun.streams(), source, rejects, meter);
  }

  /** How far it is. */
  public SeedProgress progress() {
    return meter.progress();
  }

  /** Has it end; it can go on later. Too late once the catalogue is swapped. */
  public void cancel() {
    cancelled = true;
    loading.end();
  }

  /**
   * Loads until the end, whatever end that is, and tells of it.
   *
   * @return how it ended
   */
  public SeedProgress run() {
    Timer teller = new Timer("canvas-seed-progress", true);
    teller.scheduleAtFixedRate(
        new TimerTask() {
          @Override
          public void run() {
            listener.accept(meter.progress());
          }
        },
        TELL_MS,
        TELL_MS);
    try {
      load();
      target.finish(meter::enter);
      meter.enter(SeedProgress.Phase.DONE);
    } catch (SQLException | IOException | RuntimeException failure) {
      giveUp(failure);
    } catch (InterruptedException interrupted) {
      cancelled = true;
      giveUp(interrupted);
      Thread.currentThread().interrupt();
    } finally {
      teller.cancel();
      close();
    }
    listener.accept(meter.progress());
    return meter.progress();
  }

  private void load() throws SQLException, IOException, InterruptedException {
    if (source.products() >= 0) {
      target.expect(source.products());
    }
    loading.run();
    if (cancelled) {
      throw Problem.UNAVAILABLE.because("The load was cancelled; it can be resumed");
    }
  }

  private void giveUp(Exception broken) {
    Exception failure = broken instanceof SQLException refusal ? Failures.of(refusal) : broken;
    if (!cancelled && !(failure instanceof ProblemException)) {
      LOG.error("The load broke", failure);
    }
    try {
      target.giveUp(cancelled);
    } catch (SQLException | ProblemException away) {
      LOG.warn("That the load ended could not be noted: {}", away.getMessage());
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
      LOG.warn("The load did not end well: {}", failure.getMessage());
    }
  }
}
