package dev.canvas.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LoopTimerTest {

  private final Queue<Runnable> scheduled = new ArrayDeque<>();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void itRunsUntilTheTaskIsDoneAndCanBeStartedAgain() {
    LoopTimer timer = timer(() -> runs.incrementAndGet() % 3 != 0);

    assertTrue(timer.start());
    assertFalse(timer.start());
    for (int run = 0; run < 3; run++) {
      scheduled.remove().run();
    }
    assertEquals(0, scheduled.size());

    assertTrue(timer.start());
    scheduled.remove().run();
    assertEquals(4, runs.get());
    assertEquals(1, scheduled.size());
  }

  @Test
  void aTaskThatFailsRunsAgain() {
    LoopTimer timer =
        timer(
            () -> {
              throw new IllegalStateException("a bug");
            });
    timer.start();
    assertThrows(IllegalStateException.class, scheduled.remove()::run);
    assertEquals(1, scheduled.size());
  }

  @Test
  void afterAStallItRunsOnce() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Promise<Integer> inOneTurn = Promise.promise();
      vertx.runOnContext(
          now -> {
            LoopTimer.every(vertx, 5, runs::incrementAndGet);
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
            while (System.nanoTime() < until) {
              Thread.onSpinWait();
            }
            // Due before a second run, and after those that a periodic timer would catch up.
            vertx.setTimer(1, next -> inOneTurn.complete(runs.get()));
          });
      assertEquals(1, inOneTurn.future().await(10, TimeUnit.SECONDS));
    } finally {
      vertx.close().await();
    }
  }

  private LoopTimer timer(BooleanSupplier task) {
    return new LoopTimer((ms, run) -> scheduled.add(run), 5, task);
  }
}
