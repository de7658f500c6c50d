package dev.canvas.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lanes of a process: on an event loop with a data verticle, that verticle consumes on an
 * address of its own too, and an HTTP verticle of the same loop sends there, so that a read changes
 * no thread. Thread-safe.
 */
final class Lanes {

  private static final String LANES = "canvas.lanes";

  private final LocalMap<String, Open> loops;
  private final LocalMap<String, Integer> numbers;

  /** The lanes of a loop, the eldest first. Immutable. */
  private record Open(List<String> addresses) implements Shareable {}

  Lanes(Vertx vertx) {
    loops = vertx.sharedData().getLocalMap(LANES);
    numbers = vertx.sharedData().getLocalMap(LANES + ".numbers");
  }

  /**
   * The address of another lane. Each has its own, so that what is sent before a lane closes does
   * not come to one that stays, and the other way round.
   */
  String another(String address) {
    String lane = address + "@" + thisLoop();
    return lane + "#" + numbers.merge(lane, 1, Integer::sum);
  }

  /** A loop's thread has a name that no other of the process has. */
  static String thisLoop() {
    return Thread.currentThread().getName();
  }

  void open(String loop, String lane) {
    loops.merge(loop, new Open(List.of(lane)), Lanes::both);
  }

  void close(String loop, String lane) {
    loops.computeIfPresent(loop, (key, open) -> without(open, lane));
  }

  /** A lane of the loop, where it has one. */
  Optional<String> of(String loop) {
    Open open = loops.get(loop);
    return open == null ? Optional.empty() : Optional.of(open.addresses.get(0));
  }

  private static Open both(Open before, Open added) {
    List<String> addresses = new ArrayList<>(before.addresses);
    addresses.addAll(added.addresses);
    return new Open(List.copyOf(addresses));
  }

  private static Open without(Open before, String lane) {
    List<String> rest = before.addresses.stream().filter(other -> !other.equals(lane)).toList();
    return rest.isEmpty() ? null : new Open(rest);
  }
}
