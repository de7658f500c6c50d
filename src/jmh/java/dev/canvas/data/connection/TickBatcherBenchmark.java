package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Loads keys through the batcher, several in one tick, on an event loop of its own. The time for a
 * key includes its share of the switch to the event loop and back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TickBatcherBenchmark {

  private static final int TICKS = 64;

  @Param({"1", "32"})
  private int keys;

  private Vertx vertx;
  private Context loop;
  private TickBatcher<Integer, Integer> batcher;

  @Setup
  public void open() {
    vertx = Vertx.vertx();
    loop = vertx.getOrCreateContext();
    batcher = new TickBatcher<>(loop, 512, Future::succeededFuture);
  }

  @TearDown
  public void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Divide by {@code keys} for one key. */
  @Benchmark
  @OperationsPerInvocation(TICKS)
  public Object tick() throws Exception {
    Promise<Integer> done = Promise.promise();
    loop.runOnContext(start -> run(TICKS, done));
    return done.future().await(10, TimeUnit.SECONDS);
  }

  private void run(int ticks, Promise<Integer> done) {
    Future<Integer> last = Future.succeededFuture(0);
    for (int key = 0; key < keys; key++) {
      last = batcher.load(key);
    }
    last.onSuccess(
        answered -> {
          if (ticks == 1) {
            done.complete(answered);
          } else {
            run(ticks - 1, done);
          }
        });
  }
}
