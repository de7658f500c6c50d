package dev.canvas.data.admission;

import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The clocks and the timers of an event loop. Belongs to it. */
interface LoopClock {

  /** Like {@link System#nanoTime}. */
  long nanoTime();

  /** The processor time that the thread of the loop has used, in ns. */
  long cpuNanos();

  /** Runs a task on the loop after some ms. */
  void after(long ms, Runnable task);

  /** The clock of the event loop on which it is used. */
  static LoopClock of(Vertx vertx) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean supported = threads.isCurrentThreadCpuTimeSupported();
    return new LoopClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public long cpuNanos() {
        return supported ? threads.getCurrentThreadCpuTime() : System.nanoTime();
      }

      @Override
      public void after(long ms, Runnable task) {
        vertx.setTimer(ms, timer -> task.run());
      }
    };
  }
}
