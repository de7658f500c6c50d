package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.Chunk;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.source.Reject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Brings a source into a target, in several streams at once, each on a thread of its own. {@link
 * #run} blocks and belongs to one thread; the rest is thread-safe.
 */
final class LoadStreams {

  private static final int END_SECONDS = 10;

  private final Target target;
  private final int streams;
  private final ProductSource source;
  private final Rejects rejects;
  private final ProgressMeter meter;
  private volatile boolean ending;

  /**
   * @param meter counts
   */
  LoadStreams(
      Target target, int streams, ProductSource source, Rejects rejects, ProgressMeter meter) {
    this.target = target;
    this.streams = streams;
    this.source = source;
    this.rejects = rejects;
    this.meter = meter;
  }

  /** Returns at the end of the source, or fails with what failed first, when all streams ended. */
  void run() throws SQLException, IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(streams, LoadStreams::thread);
    try {
      List<Future<?>> loading = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
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
      end();
      pool.shutdownNow();
      pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Has the streams end. */
  void end() {
    ending = true;
    source.close();
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
      end();
      throw failure;
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "canvas-seed");
    thread.setDaemon(true);
    return thread;
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
    public void reject(Reject reject) {
      rejected++;
      meter.rejected();
      rejects.add(reject);
    }

    Tally tally() {
      return new Tally(loaded, rejected, bytes);
    }
  }
}
