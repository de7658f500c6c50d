package dev.canvas.app.server;

import dev.canvas.control.Role;
import dev.canvas.control.Verticles.Deployed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Which verticles run, by role. Thread-safe. */
final class Roster {

  private final int loops;
  private final Map<Role, List<Entry>> running = new EnumMap<>(Role.class);

  /**
   * One verticle that runs. Immutable.
   *
   * @param id its deployment
   * @param number tells it from the others of its role
   * @param loop the name of its event loop
   */
  record Entry(String id, int number, String loop) {}

  /**
   * @param loops how many event loops there are
   */
  Roster(Set<Role> roles, int loops) {
    this.loops = loops;
    roles.forEach(role -> running.put(role, new ArrayList<>()));
  }

  synchronized void add(Role role, Entry entry) {
    running.get(role).add(entry);
  }

  synchronized void remove(Role role, Entry entry) {
    running.get(role).remove(entry);
  }

  synchronized int count(Role role) {
    return running.get(role).size();
  }

  synchronized List<Entry> of(Role role) {
    return List.copyOf(running.get(role));
  }

  synchronized Deployed deployed() {
    Map<Role, Integer> instances = new EnumMap<>(Role.class);
    running.forEach((role, entries) -> instances.put(role, entries.size()));
    return new Deployed(instances);
  }

  /** Where they run. */
  synchronized Placement placement() {
    List<Placement.Seat> seats = new ArrayList<>();
    running.forEach(
        (role, entries) -> entries.forEach(each -> seats.add(new Placement.Seat(role, each.loop))));
    return new Placement(loops, seats);
  }

  /** The lowest number that no verticle of a role has. */
  synchronized int freeNumber(Role role) {
    List<Integer> taken = running.get(role).stream().map(Entry::number).toList();
    return IntStream.iterate(0, number -> number + 1)
        .filter(number -> !taken.contains(number))
        .findFirst()
        .orElseThrow();
  }
}
