package dev.canvas.data.admission;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.PriorityQueue;

/**
 * The clock of an event loop that stands still until it is told to go on. Belongs to one thread.
 */
public final class FakeClock implements LoopClock {

  private record Task(long dueNanos, long number, Runnable task) implements Comparable<Task> {

    @Override
    public int compareTo(Task other) {
      return dueNanos != other.dueNanos
          ? Long.compare(dueNanos, other.dueNanos)
          : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nanos = 1;
  private long cpuNanos;
  private long numbers;

  /** The gates of a loop with this clock. */
  public Admission admission(MeterRegistry registry) {
    return new Admission(this, "test", registry);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public long cpuNanos() {
    return cpuNanos;
  }

  @Override
  public void after(long ms, Runnable task) {
    at(nanos + ms * 1_000_000, task);
  }

  void at(long dueNanos, Runnable task) {
    tasks.add(new Task(dueNanos, numbers++, task));
  }

  /** The timers that have not fired. */
  int pending() {
    return tasks.size();
  }

  /** Lets time pass in which the loop idles, except for its timers. */
  public void pass(long ms) {
    long end = nanos + ms * 1_000_000;
    while (!tasks.isEmpty() && tasks.peek().dueNanos <= end) {
      Task next = tasks.remove();
      nanos = Math.max(nanos, next.dueNanos);
      next.task.run();
    }
    nanos = end;
  }

  /**
   * Lets one turn take some time, at the end of which the timers that are due fire once.
   *
   * @param cpuMs in which the thread has a processor
   */
  public void turn(long ms, long cpuMs) {
    turnNanos(ms * 1_000_000, cpuMs * 1_000_000);
  }

  /** The same in ns. */
  void turnNanos(long turn, long cpu) {
    nanos += turn;
    cpuNanos += cpu;
    int due = (int) tasks.stream().filter(task -> task.dueNanos <= nanos).count();
    for (int i = 0; i < due; i++) {
      tasks.remove().task.run();
    }
  }
}
