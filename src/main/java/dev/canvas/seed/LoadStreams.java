package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.target.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Copies a source to a target in parallel streams, each on a thread of its own. {@link #run} blocks
 * and belongs to one thread; {@link #stop} is thread-safe.
 */
final class LoadStreams {

  private static final int STOP_SECONDS = 10;

  private final Target target;
  private final int streams;
  private final ProductSource source;
  private final RejectsFile rejects;
  private final ProgressMeter meter;
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
  private volatile boolean stopping;

  LoadStreams(
      Target target, int streams, ProductSource source, RejectsFile rejects, ProgressMeter meter) {
    this.target = target;
    this.streams = streams;
    this.source = source;
    this.rejects = rejects;
    this.meter = meter;
  }

  /** Returns at the end of the source. Throws the first failure, once all streams have stopped. */
  void run() throws SQLException, IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(streams, LoadStreams::thread);
    try {
      List<Future<?>> loading = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        int stream = i;
        loading.add(
            pool.submit(
                () -> {
                  copy(stream);
                  return null;
                }));
      }
      await(loading);
    } finally {
      stop();
      pool.shutdownNow();
      pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Stops all streams; each discards the chunk that it has not committed. */
  void stop() {
    stopping = true;
    source.close();
  }

  /** Throws the failure that came first: those after it follow from stopping the other streams. */
  private void await(List<Future<?>> loading)
      throws SQLException, IOException, InterruptedException {
    for (Future<?> each : loading) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        firstFailure.compareAndSet(null, failed.getCause());
        Throwable failure = firstFailure.get();
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

  private void copy(int number) throws SQLException, IOException, InterruptedException {
    try (Target.Stream stream = target.openStream()) {
      for (ProductSource.Chunk chunk = source.next(number); chunk != null && !stopping; ) {
        ChunkReceiver receiver = new ChunkReceiver(stream);
        stream.begin(chunk.number());
        chunk.drainTo(receiver);
        stream.commit(receiver.tally());
        chunk = source.next(number);
      }
    } catch (SQLException | IOException | RuntimeException failure) {
      firstFailure.compareAndSet(null, failure);
      stop();
      throw failure;
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "canvas-seed");
    thread.setDaemon(true);
    return thread;
  }

  /** Hands the records of a chunk to its stream, and counts them. Belongs to one thread. */
  private final class ChunkReceiver implements ProductSource.Receiver {

    private final Target.Stream stream;
    private long loaded;
    private long rejected;
    private long bytes;

    ChunkReceiver(Target.Stream stream) {
      this.stream = stream;
    }

    @Override
    public void product(long position, long productId, byte[] items, int length, long highestItemId)
        throws SQLException, InterruptedException {
      if (stopping) {
        throw Problem.UNAVAILABLE.because("The load was stopped");
      }
      stream.add(position, productId, items, length, highestItemId);
      loaded++;
      bytes += length;
      meter.loaded(length);
    }

    @Override
    public void leftOut(ProductSource.InvalidRecord invalid) {
      meter.partial();
      rejects.addLeftOut(invalid);
    }

    @Override
    public void reject(ProductSource.InvalidRecord invalid) {
      rejected++;
      meter.rejected();
      rejects.add(invalid);
    }

    Target.Tally tally() {
      return new Target.Tally(loaded, rejected, bytes);
    }
  }
}
