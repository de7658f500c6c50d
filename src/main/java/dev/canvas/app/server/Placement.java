package dev.canvas.app.server;

import dev.canvas.control.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Which event loops verticles run on, so that each loop has as many as the others, and an HTTP
 * verticle has a data verticle beside it. Immutable.
 *
 * @param loops how many event loops there are; those not named yet have no verticle
 * @param seats where verticles run now
 */
record Placement(int loops, List<Seat> seats) {

  /**
   * A verticle's place. Immutable.
   *
   * @param loop the name of its event loop
   */
  record Seat(Role role, String loop) {}

  Placement {
    seats = List.copyOf(seats);
  }

  /** Whether no loop is better for another verticle of a role. */
  boolean suits(Role role, String loop) {
    long least =
        names().size() < loops
            ? 0
            : names().stream().mapToLong(l -> count(role, l)).min().orElse(0);
    if (count(role, loop) > least) {
      return false;
    }
    return hasOther(role, loop)
        || names().stream().noneMatch(l -> count(role, l) == least && hasOther(role, l));
  }

  /** Whose leaving does least harm: from the fullest loop, and from one without the other role. */
  <T> T leaving(Role role, Collection<T> candidates, Function<T, String> loopOf) {
    return candidates.stream()
        .max(
            Comparator.<T>comparingLong(each -> count(role, loopOf.apply(each)))
                .thenComparing(each -> !hasOther(role, loopOf.apply(each))))
        .orElseThrow();
  }

  private boolean hasOther(Role role, String loop) {
    return seats.stream().anyMatch(seat -> seat.role != role && seat.loop.equals(loop));
  }

  private long count(Role role, String loop) {
    return seats.stream().filter(seat -> seat.role == role && seat.loop.equals(loop)).count();
  }

  private List<String> names() {
    return seats.stream().map(Seat::loop).distinct().toList();
  }
}
