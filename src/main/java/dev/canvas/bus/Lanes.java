package dev.canvas.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lanes of a process: on an event loop with a data verticle, that verticle consumes on
 * addresses of its own too, and an HTTP verticle of the same loop sends there, so that a read or a
 * write changes no thread. Thread-safe.
 */
final class Lanes {

  private static final String LANES = "canvas.lanes";

  private final LocalMap<String, Open> loops;
  private final LocalMap<String, Integer> numbers;

  /**
   * The addresses of one data verticle on its loop. Immutable.
   *
   * @param get a lane of {@link Addresses#DATA_GET}
   * @param write a lane of {@link Addresses#DATA_WRITE}
   */
  record Pair(String get, String write) {}

  /** The lanes of a loop, the eldest first. Immutable. */
  private record Open(List<Pair> pairs) implements Shareable {}

  Lanes(Vertx vertx) {
    loops = vertx.sharedData().getLocalMap(LANES);
    numbers = vertx.sharedData().getLocalMap(LANES + ".numbers");
  }

  /**
   * The addresses of another data verticle. Each has its own, so that what is sent before a lane
   * closes does not come to one that stays, and the other way round.
   */
  Pair another() {
    String loop = thisLoop();
    String lane = "@" + loop + "#" + numbers.merge(loop, 1, Integer::sum);
    return new Pair(Addresses.DATA_GET + lane, Addresses.DATA_WRITE + lane);
  }

  /** A loop's thread has a name that no other of the process has. */
  static String thisLoop() {
    return Thread.currentThread().getName();
  }

  void open(String loop, Pair lane) {
    loops.merge(loop, new Open(List.of(lane)), Lanes::both);
  }

  void close(String loop, Pair lane) {
    loops.computeIfPresent(loop, (key, open) -> without(open, lane));
  }

  /** A lane of the loop, where it has one. */
  Optional<Pair> of(String loop) {
    Open open = loops.get(loop);
    return open == null ? Optional.empty() : Optional.of(open.pairs.get(0));
  }

  private static Open both(Open before, Open added) {
    List<Pair> pairs = new ArrayList<>(before.pairs);
    pairs.addAll(added.pairs);
    return new Open(List.copyOf(pairs));
  }

  private static Open without(Open before, Pair lane) {
    List<Pair> rest = before.pairs.stream().filter(other -> !other.equals(lane)).toList();
    return rest.isEmpty() ? null : new Open(rest);
  }
}
