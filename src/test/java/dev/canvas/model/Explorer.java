package dev.canvas.model;

import dev.canvas.model.Steps.Next;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Visits every state that can be reached, breadth first, and stops at the first one with a
 * violation. So the trace that leads there is one of the shortest.
 */
final class Explorer {

  private static final int FREE = -1;

  private final Steps steps;

  /** The states in the order in which they were reached, and from which state each was. */
  private long[] low = new long[1 << 16];

  private long[] high = new long[1 << 16];
  private int[] parents = new int[1 << 16];
  private int size;

  /** The indexes of the states by their hashes: open addressing. */
  private int[] table = new int[1 << 18];

  Explorer(Steps steps) {
    this.steps = steps;
    Arrays.fill(table, FREE);
  }

  /** The number of states visited. */
  int size() {
    return size;
  }

  /** The trace to a violation, a line for each step; empty if there is none. */
  List<String> explore(State initial) {
    add(initial, FREE);
    for (int at = 0; at < size; at++) {
      int index = at;
      State state = state(index);
      if (state.get(Field.VIOLATION) != 0) {
        return trace(index);
      }
      steps.from(state, (name, actor, after) -> add(after, index));
    }
    return List.of();
  }

  private State state(int index) {
    return new State(low[index], high[index]);
  }

  private void add(State state, int parent) {
    int slot = find(state.low(), state.high());
    if (table[slot] != FREE) {
      return;
    }
    if (size == low.length) {
      low = Arrays.copyOf(low, 2 * size);
      high = Arrays.copyOf(high, 2 * size);
      parents = Arrays.copyOf(parents, 2 * size);
    }
    low[size] = state.low();
    high[size] = state.high();
    parents[size] = parent;
    table[slot] = size++;
    if (size * 2 > table.length) {
      table = new int[table.length * 2];
      Arrays.fill(table, FREE);
      for (int i = 0; i < size; i++) {
        table[find(low[i], high[i])] = i;
      }
    }
  }

  /** The slot of a state, or the free one where it belongs. */
  private int find(long lowWord, long highWord) {
    long hash = (lowWord * 0x9E37_79B9_7F4A_7C15L ^ highWord) * 0xC2B2_AE3D_27D4_EB4FL;
    int slot = (int) (hash >>> 32) & table.length - 1;
    while (table[slot] != FREE && (low[table[slot]] != lowWord || high[table[slot]] != highWord)) {
      slot = slot + 1 & table.length - 1;
    }
    return slot;
  }

  private List<String> trace(int last) {
    Deque<Integer> path = new ArrayDeque<>();
    for (int index = last; index != FREE; index = parents[index]) {
      path.addFirst(index);
    }
    List<String> trace = new ArrayList<>();
    State before = state(path.removeFirst());
    for (int index : path) {
      trace.add(name(before, state(index)));
      before = state(index);
    }
    return trace;
  }

  /** Finds the step between two states again. */
  private String name(State before, State after) {
    String[] found = new String[1];
    Next search =
        (name, actor, next) -> {
          if (next.equals(after)) {
            found[0] = (actor < 0 ? "" : "node " + actor + " ") + name;
          }
        };
    steps.from(before, search);
    return "%-45s %s".formatted(found[0], before.changesTo(after));
  }
}
