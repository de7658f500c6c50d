package dev.canvas.history;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Collects the operations of all clients, timed by one clock. Thread-safe. */
final class Recorder {

  private final long began = System.nanoTime();
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
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

  /** All operations so far, in no particular order. */
  List<Operation> operations() {
    return List.copyOf(operations);
  }
}
