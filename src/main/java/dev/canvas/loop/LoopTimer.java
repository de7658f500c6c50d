package dev.canvas.loop;

import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;

/**
 * Runs a task on an event loop again and again, a time apart or more. After a stall of the loop it
 * runs once, where a periodic timer of Vert.x would run once for each time that it missed. So its
 * runs count turns in which the loop could have done something (ADR 24).
 *
 * <p>Belongs to one event loop, and ends with the verticle that starts it.
 */
public final class LoopTimer {

  /** Runs a task once after some ms. */
  @FunctionalInterface
  public interface Scheduler {
    void after(long ms, Runnable task);
  }

  private final Scheduler scheduler;
  private final long ms;
  private final BooleanSupplier task;
  private boolean running;

  /**
   * @param ms the time from the start to the first run, and from the end of a run to the next
   * @param task returns whether to go on; otherwise the timer stands still until it is started
   */
  public LoopTimer(Scheduler scheduler, long ms, BooleanSupplier task) {
    this.scheduler = scheduler;
    this.ms = ms;
    this.task = task;
  }

  /** The same with the timers of Vert.x. */
  public LoopTimer(Vertx vertx, long ms, BooleanSupplier task) {
    this((delay, run) -> vertx.setTimer(delay, over -> run.run()), ms, task);
  }

  /** Runs a task for as long as the current verticle is deployed. */
  public static void every(Vertx vertx, long ms, Runnable task) {
    new LoopTimer(
            vertx,
            ms,
            () -> {
              task.run();
              return true;
            })
        .start();
  }

  /** Starts unless it is running; returns whether it did. */
  public boolean start() {
    if (running) {
      return false;
    }
    running = true;
    scheduler.after(ms, this::run);
    return true;
  }

  private void run() {
    boolean goOn = true;
    try {
      goOn = task.getAsBoolean();
    } finally {
      running = false;
      if (goOn) {
        start();
      }
    }
  }
}
