package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The promise taken literally, for the history of one product on one node: is there any order of
 * its writes, with those of unknown outcome left out or not, in which every read is right? It tries
 * them all, so it is for a handful of operations. Known versions must leave gaps for unknown ones.
 */
final class ExhaustiveChecker {

  private final List<Operation> writes;
  private final List<Operation> reads;
  private final long unknownLife;

  ExhaustiveChecker(List<Operation> history, long unknownLife) {
    this.unknownLife = unknownLife;
    writes = history.stream().filter(each -> !each.isRead() && !each.hasFailed()).toList();
    reads =
        history.stream()
            .filter(Operation::isRead)
            .sorted(Comparator.comparingLong(Operation::invoked))
            .toList();
  }

  boolean accepts() {
    return someOrderIsRight(new ArrayList<>(), new ArrayList<>(writes));
  }

  private boolean someOrderIsRight(List<Operation> order, List<Operation> rest) {
    if (rest.stream().noneMatch(Operation::isOk)
        && isPossible(order)
        && someChoiceIsRight(order, new ArrayList<>())) {
      return true;
    }
    for (Operation next : rest) {
      List<Operation> longer = new ArrayList<>(order);
      longer.add(next);
      List<Operation> shorter = new ArrayList<>(rest);
      shorter.remove(next);
      if (someOrderIsRight(longer, shorter)) {
        return true;
      }
    }
    return false;
  }

  private boolean isPossible(List<Operation> order) {
    long highest = 0;
    for (int i = 0; i < order.size(); i++) {
      long version = versionOf(order.get(i));
      if (version != Operation.NO_VERSION && version <= highest) {
        return false;
      }
      highest = Math.max(highest, version);
      for (Operation earlier : order.subList(0, i)) {
        if (end(order.get(i)) < earlier.invoked()) {
          return false;
        }
      }
    }
    return true;
  }

  private long end(Operation write) {
    return write.isOk() ? write.completed() : write.completed() + unknownLife;
  }

  /** From its own answer or from a read of its value. */
  private long versionOf(Operation write) {
    if (write.hasVersion()) {
      return write.version();
    }
    return reads.stream()
        .filter(read -> read.value() == write.value() && read.hasVersion())
        .mapToLong(Operation::version)
        .findFirst()
        .orElse(Operation.NO_VERSION);
  }

  /** Assigns to each read a position in the order that it may have seen; 0 is before all writes. */
  private boolean someChoiceIsRight(List<Operation> order, List<Integer> places) {
    if (places.size() == reads.size()) {
      return true;
    }
    Operation read = reads.get(places.size());
    for (int place = 0; place <= order.size(); place++) {
      if (mayRead(read, place == 0 ? null : order.get(place - 1))
          && missesNothing(read, order, place)
          && goesNotBack(read, place, places)) {
        List<Integer> longer = new ArrayList<>(places);
        longer.add(place);
        if (someChoiceIsRight(order, longer)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean mayRead(Operation read, Operation write) {
    if (write == null) {
      return read.value() == Operation.ABSENT;
    }
    if (write.invoked() > read.completed()) {
      return false;
    }
    return write.kind() == Kind.DELETE
        ? read.value() == Operation.ABSENT
        : read.value() == write.value();
  }

  private static boolean missesNothing(Operation read, List<Operation> order, int place) {
    return order.subList(place, order.size()).stream()
        .noneMatch(write -> write.isOk() && write.completed() < read.invoked());
  }

  private boolean goesNotBack(Operation read, int place, List<Integer> places) {
    for (int i = 0; i < places.size(); i++) {
      Operation earlier = reads.get(i);
      if (earlier.client() == read.client()
          && earlier.completed() < read.invoked()
          && places.get(i) > place) {
        return false;
      }
    }
    return true;
  }
}
