package dev.canvas.app.server;

import dev.canvas.control.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Spreads the verticles of each role evenly over the event loops, and prefers loops that run both
 * roles, so that an HTTP verticle finds a data verticle on its own loop. Immutable.
 *
 * @param loops the number of event loops; those without a verticle are not named in the slots
 * @param slots the running verticles
 */
record Placement(int loops, List<Slot> slots) {

  /**
   * A running verticle. Immutable.
   *
   * @param loop the name of its event loop
   */
  record Slot(Role role, String loop) {}

  Placement {
    slots = List.copyOf(slots);
  }

  /** Whether no other loop is better for one more verticle of a role. */
  boolean isSuitable(Role role, String loop) {
    long min =
        loopsInUse().size() < loops
            ? 0
            : loopsInUse().stream().mapToLong(each -> count(role, each)).min().orElse(0);
    if (count(role, loop) > min) {
      return false;
    }
    return hasOtherRole(role, loop)
        || loopsInUse().stream()
            .noneMatch(each -> count(role, each) == min && hasOtherRole(role, each));
  }

  /**
   * Chooses the verticle to undeploy: from the loop with the most verticles of the role, and among
   * equals from a loop without the other role.
   */
  <T> T chooseForRemoval(Role role, Collection<T> candidates, Function<T, String> loopOf) {
    return candidates.stream()
        .max(
            Comparator.<T>comparingLong(each -> count(role, loopOf.apply(each)))
                .thenComparing(each -> !hasOtherRole(role, loopOf.apply(each))))
        .orElseThrow();
  }

  private boolean hasOtherRole(Role role, String loop) {
    return slots.stream().anyMatch(slot -> slot.role != role && slot.loop.equals(loop));
  }

  private long count(Role role, String loop) {
    return slots.stream().filter(slot -> slot.role == role && slot.loop.equals(loop)).count();
  }

  private List<String> loopsInUse() {
    return slots.stream().map(Slot::loop).distinct().toList();
  }
}
