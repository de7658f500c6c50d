package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
  private final Target.Begun begun;
  private final Source source;
  private final Rejects rejects;
  private final Consumer<SeedProgress> listener;
  private final ProgressMeter meter;
  private volatile boolean cancelled;
  private volatile boolean ending;

  SeedRun(
      Target target,
      Target.Begun begun,
      Source source,
      Rejects rejects,
      Consumer<SeedProgress> listener) {
    this.target = target;
    this.begun = begun;
    this.source = source;
    this.rejects = rejects;
    this.listener = listener;
    this.meter = new ProgressMeter(begun.number(), source, begun.loaded());
  }

  /** How far it is. */
  public SeedProgress progress() {
    return meter.progress();
  }

  /** Has it end; it can go on later. Too late once the catalogue is swapped. */
  public void cancel() {
    cancelled = true;
    ending = true;
    source.close();
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
    ExecutorService pool = Executors.newFixedThreadPool(begun.streams(), threads("canvas-seed"));
    try {
      List<Future<?>> loading = new ArrayList<>();
      for (int i = 0; i < begun.streams(); i++) {
        int number = i;
        loading.add(
            pool.submit(
                () -> {
                  pump(number);
                  return null;
                }));
      }
      await(loading);
    } finally {
      ending = true;
      source.close();
      pool.shutdownNow();
      pool.awaitTermination(10, TimeUnit.SECONDS);
    }
    if (cancelled) {
      throw Problem.UNAVAILABLE.because("The load was cancelled; it can be resumed");
    }
  }

  /** The first failure is told: the others are of those that were ended for its sake. */
  private void await(List<Future<?>> loading)
      throws SQLException, IOException, InterruptedException {
    for (Future<?> each : loading) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        Throwable failure = meter.firstFailure(failed.getCause());
        if (failure instanceof SQLException sql) {
          throw sql;
        } else if (failure instanceof IOException io) {
          throw io;
        } else if (failure instanceof RuntimeException other) {
          throw other;
        }
        throw new IllegalStateException(failure);
      }
    }
  }

  private void pump(int number) throws SQLException, IOException, InterruptedException {
    try (Target.Stream stream = target.stream()) {
      for (Chunk chunk = source.next(number); chunk != null && !ending; ) {
        ChunkLoad load = new ChunkLoad(stream);
        stream.begin(chunk.number());
        chunk.drainTo(load);
        stream.commit(load.tally());
        chunk = source.next(number);
      }
    } catch (SQLException | IOException | RuntimeException failure) {
      meter.firstFailure(failure);
      ending = true;
      source.close();
      throw failure;
    }
  }

  private void giveUp(Exception failure) {
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
    meter.fail(cancelled ? SeedProgress.Phase.CANCELLED : SeedProgress.Phase.FAILED, text(failure));
  }

  private void close() {
    try {
      rejects.close();
      target.close();
    } catch (IOException | SQLException failure) {
      LOG.warn("The load did not end well: {}", failure.getMessage());
    }
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static java.util.concurrent.ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Hands a chunk to its stream, and counts. Belongs to one thread. */
  private final class ChunkLoad implements Chunk.Receiver {

    private final Target.Stream stream;
    private long loaded;
    private long rejected;
    private long bytes;

    ChunkLoad(Target.Stream stream) {
      this.stream = stream;
    }

    @Override
    public void product(long place, long productId, byte[] items, int length, long highestItemId)
        throws SQLException, InterruptedException {
      if (ending) {
        throw Problem.UNAVAILABLE.because("The load ends");
      }
      stream.add(place, productId, items, length, highestItemId);
      loaded++;
      bytes += length;
      meter.loaded(length);
    }

    @Override
    public void reject(Reject reject) throws IOException {
      rejected++;
      meter.rejected();
      rejects.add(reject);
    }

    Tally tally() {
      return new Tally(loaded, rejected, bytes);
    }
  }
}
