package dev.canvas.history;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects all operations, and what else the checker has to know, timed by one clock. Thread-safe.
 */
final class Recorder {

  private final long began = System.nanoTime();
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Queue<SqlLag.Stop> stops = new ConcurrentLinkedQueue<>();
  private final Queue<Restore> restores = new ConcurrentLinkedQueue<>();
  private final AtomicLong values = new AtomicLong();

  /** Nanoseconds since the history began. */
  long now() {
    return System.nanoTime() - began;
  }

  /** A value that is unique in the history. */
  long newValue() {
    return values.incrementAndGet();
  }

  void add(Operation operation) {
    operations.add(operation);
  }

  /** Notes that faults may have stopped the relay since. */
  void addStop(long since) {
    stops.add(new SqlLag.Stop(since, now()));
  }

  /** When the relay may have stood still. */
  List<SqlLag.Stop> stops() {
    return List.copyOf(stops);
  }

  void add(Restore restore) {
    restores.add(restore);
  }

  /** The restores of the database, in the order of time. */
  List<Restore> restores() {
    return List.copyOf(restores);
  }

  /** All operations so far, in no particular order. */
  List<Operation> operations() {
    return List.copyOf(operations);
  }
}
