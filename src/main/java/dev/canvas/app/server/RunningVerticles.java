package dev.canvas.app.server;

import dev.canvas.control.Role;
import dev.canvas.control.Verticles.Deployed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Records which verticles of each role run, and on which event loop. Thread-safe. */
final class RunningVerticles {

  private final int loops;
  private final Map<Role, List<Instance>> instances = new EnumMap<>(Role.class);

  /**
   * A running verticle. Immutable.
   *
   * @param deploymentId identifies it to Vert.x
   * @param number unique within its role
   * @param loop the name of its event loop
   */
  record Instance(String deploymentId, int number, String loop) {}

  /**
   * @param loops the number of event loops
   */
  RunningVerticles(Set<Role> roles, int loops) {
    this.loops = loops;
    roles.forEach(role -> instances.put(role, new ArrayList<>()));
  }

  synchronized void add(Role role, Instance instance) {
    instances.get(role).add(instance);
  }

  synchronized void remove(Role role, Instance instance) {
    instances.get(role).remove(instance);
  }

  synchronized int count(Role role) {
    return of(role).size();
  }

  synchronized List<Instance> of(Role role) {
    return List.copyOf(instances.getOrDefault(role, List.of()));
  }

  synchronized Deployed deployed() {
    Map<Role, Integer> counts = new EnumMap<>(Role.class);
    instances.forEach((role, running) -> counts.put(role, running.size()));
    return new Deployed(counts);
  }

  synchronized Placement placement() {
    List<Placement.Slot> slots = new ArrayList<>();
    instances.forEach(
        (role, running) -> running.forEach(each -> slots.add(new Placement.Slot(role, each.loop))));
    return new Placement(loops, slots);
  }

  /** The lowest number that no verticle of a role has. */
  synchronized int freeNumber(Role role) {
    List<Integer> taken = instances.get(role).stream().map(Instance::number).toList();
    return IntStream.iterate(0, number -> number + 1)
        .filter(number -> !taken.contains(number))
        .findFirst()
        .orElseThrow();
  }
}
