package dev.canvas.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Knows the lanes of a process. A lane connects the verticles of one event loop: a data verticle
 * also consumes on addresses of its own, and the HTTP verticle on the same loop sends there, so
 * that a request does not change threads. Thread-safe.
 */
final class LaneRegistry {

  private static final String LANES = "canvas.lanes";

  private final LocalMap<String, OpenLanes> byLoop;
  private final LocalMap<String, Integer> numbers;

  /**
   * The addresses of one data verticle on its loop. Immutable.
   *
   * @param get the lane of {@link NodeAddresses#DATA_GET}
   * @param write the lane of {@link NodeAddresses#DATA_WRITE}
   */
  record Lane(String get, String write) {}

  /** The lanes of a loop, oldest first. Immutable. */
  private record OpenLanes(List<Lane> lanes) implements Shareable {}

  LaneRegistry(Vertx vertx) {
    byLoop = vertx.sharedData().getLocalMap(LANES);
    numbers = vertx.sharedData().getLocalMap(LANES + ".numbers");
  }

  /**
   * The addresses of a new data verticle on the current loop. No two verticles share an address, so
   * that a message for a verticle that leaves never reaches one that stays.
   */
  Lane create() {
    String loop = currentLoop();
    String suffix = "@" + loop + "#" + numbers.merge(loop, 1, Integer::sum);
    return new Lane(NodeAddresses.DATA_GET + suffix, NodeAddresses.DATA_WRITE + suffix);
  }

  /** The address whose requests a lane carries. */
  static String address(String lane) {
    return lane.substring(0, lane.indexOf('@'));
  }

  /** The name of the current event loop: that of its thread, which is unique in the process. */
  static String currentLoop() {
    return Thread.currentThread().getName();
  }

  void open(String loop, Lane lane) {
    byLoop.merge(loop, new OpenLanes(List.of(lane)), LaneRegistry::both);
  }

  void close(String loop, Lane lane) {
    byLoop.computeIfPresent(loop, (key, open) -> without(open, lane));
  }

  /** The oldest open lane of a loop, if it has one. */
  Optional<Lane> find(String loop) {
    OpenLanes open = byLoop.get(loop);
    return open == null ? Optional.empty() : Optional.of(open.lanes.get(0));
  }

  private static OpenLanes both(OpenLanes before, OpenLanes added) {
    List<Lane> lanes = new ArrayList<>(before.lanes);
    lanes.addAll(added.lanes);
    return new OpenLanes(List.copyOf(lanes));
  }

  private static OpenLanes without(OpenLanes before, Lane lane) {
    List<Lane> rest = before.lanes.stream().filter(other -> !other.equals(lane)).toList();
    return rest.isEmpty() ? null : new OpenLanes(rest);
  }
}
