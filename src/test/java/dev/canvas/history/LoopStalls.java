package dev.canvas.history;

import dev.canvas.history.Fault.Victim;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks event loops now and then, single ones and all at once, as overload, a busy machine or a
 * collection of garbage does. Used by one thread.
 */
final class LoopStalls {

  private static final int SHORTEST_MS = 100;
  private static final int LONGEST_MS = 800;

  /** A loop is blocked for about a fifth of the time, if it is tried every 25 ms. */
  private static final int ODDS = 80;

  private final List<EventExecutor> loops = new ArrayList<>();
  private final Random random;

  private LoopStalls(List<Vertx> processes, long seed) {
    processes.forEach(vertx -> ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loops::add));
    random = new Random(seed);
  }

  /** The fault that event loops are blocked. */
  static Fault fault(List<Vertx> processes, long seed) {
    LoopStalls stalls = new LoopStalls(processes, seed);
    return Fault.repeated("loops-stalled", Victim.NODE, stalls::next);
  }

  private void next() {
    loops.stream().filter(loop -> random.nextInt(ODDS) == 0).forEach(loop -> block(loop, life()));
    if (random.nextInt(ODDS) == 0) {
      int life = life();
      loops.forEach(loop -> block(loop, life));
    }
  }

  private int life() {
    return SHORTEST_MS + random.nextInt(LONGEST_MS - SHORTEST_MS);
  }

  private static void block(EventExecutor loop, int life) {
    loop.execute(
        () -> {
          long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(life);
          for (long left = end; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(life)));
          }
        });
  }
}
