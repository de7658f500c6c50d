package dev.canvas.history;

import dev.canvas.history.Fault.Victim;
import java.time.Duration;
import java.util.List;

/** Repeats steps in turn for as long as a fault lasts. Used by one thread. */
final class Cycle {

  /**
   * @param action begins the step
   * @param life how long it lasts before the next one begins
   */
  record Step(Runnable action, Duration life) {

    static Step of(Runnable action, long millis) {
      return new Step(action, Duration.ofMillis(millis));
    }
  }

  private final List<Step> steps;
  private int next;
  private long endNanos;

  private Cycle(List<Step> steps) {
    this.steps = steps;
  }

  /**
   * A fault of several steps.
   *
   * @param heal called once at the end, after any step
   */
  static Fault fault(String name, Victim victim, Runnable heal, Step... steps) {
    Cycle cycle = new Cycle(List.of(steps));
    return new Fault(name, victim, cycle::begin, cycle::repeat, heal);
  }

  private void begin() {
    next = 0;
    step();
  }

  private void repeat() {
    if (System.nanoTime() - endNanos >= 0) {
      step();
    }
  }

  private void step() {
    Step step = steps.get(next);
    next = (next + 1) % steps.size();
    step.action.run();
    endNanos = System.nanoTime() + step.life.toNanos();
  }
}
