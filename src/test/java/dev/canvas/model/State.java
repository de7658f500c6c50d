package dev.canvas.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One state of the model: the store, Redis, two nodes with a writer each, and the relay, all of
 * them about one product. Packed into two words, so that millions of states fit into memory.
 * Immutable.
 */
record State(long low, long high) {

  static final int NODES = 2;
  static final int GENERATIONS = 3;

  /** Server 0 is master first, then server 1, then server 0 again, which is called 2 then. */
  static final int SERVERS = 3;

  /** Runs of Redis: servers 0 and 2 are one. */
  static final int RUNS = 2;

  /** The trust has ended, and a node may still trust the last Redis. */
  static final int ENDED = 0;

  /** No node trusts any Redis. */
  static final int SETTLED = 1;

  /** Added to the identity of a server that is named. */
  static final int SERVER = 2;

  /** What a read may not do, with the names of the history checker. */
  enum Violation {
    NONE,
    /** It returns something older than a write that was confirmed before it began. */
    STALE,
    /** It returns something older than what was read at the same node before it began. */
    BACKWARD
  }

  /** Both nodes and the relay use the first Redis, which has the product at version 0. */
  static final State INITIAL =
      new State(0, 0)
          .with(Field.NAMED, SERVER)
          .with(Field.KEY, 0, Key.VALUE)
          .with(Field.SESSION, 0, session(0, 0))
          .with(Field.SESSION, 1, session(0, 0))
          .with(Field.TRUST, 0, 1)
          .with(Field.TRUST, 1, 1)
          .with(Field.RELAY_SESSION, session(0, 0));

  int get(Field field) {
    return get(field, 0);
  }

  int get(Field field, int index) {
    int offset = field.offset(index);
    long word = offset < Long.SIZE ? low : high;
    return (int) (word >>> offset) & ((1 << field.bits) - 1);
  }

  State with(Field field, int value) {
    return with(field, 0, value);
  }

  State with(Field field, int index, int value) {
    if (value >>> field.bits != 0) {
      throw new IllegalArgumentException(field + " = " + value);
    }
    int offset = field.offset(index);
    long mask = ((1L << field.bits) - 1) << offset;
    long bits = (long) value << offset;
    return offset < Long.SIZE
        ? new State((low & ~mask) | bits, high)
        : new State(low, (high & ~mask) | bits);
  }

  /** With a constant, stored as its number. */
  @SuppressWarnings("EnumOrdinal") // No state is kept longer than a run.
  State with(Field field, int index, Enum<?> value) {
    return with(field, index, value.ordinal());
  }

  /** With the higher of the present and the given value. */
  State raise(Field field, int index, int value) {
    return value > get(field, index) ? with(field, index, value) : this;
  }

  /** A connection to a server under the keys of a generation. */
  static int session(int server, int generation) {
    return 1 + server * GENERATIONS + generation;
  }

  static int server(int session) {
    return (session - 1) / GENERATIONS;
  }

  static int generation(int session) {
    return (session - 1) % GENERATIONS;
  }

  /** The index of the key that a session uses. */
  static int key(int session) {
    return server(session) % RUNS * GENERATIONS + generation(session);
  }

  boolean isAlive(int node) {
    return node != 0 || get(Field.CRASHED) == 0;
  }

  /** Whether a node may use its Redis ({@code TrustedRedis.covers}). */
  boolean isCovered(int node) {
    int session = get(Field.SESSION, node);
    return session != 0 && get(Field.TRUST, node) == generation(session) + 1;
  }

  /** Whether no node trusts a generation before this one. */
  boolean isTrustedByNoneBefore(int generation) {
    return IntStream.range(0, NODES)
        .map(node -> get(Field.TRUST, node))
        .allMatch(trust -> trust == 0 || trust > generation);
  }

  /** Ends the trust in any Redis ({@code CacheTrust.distrust}). */
  State distrust() {
    return get(Field.NAMED) < SERVER
        ? this
        : with(Field.GENERATION, get(Field.GENERATION) + 1).with(Field.NAMED, ENDED);
  }

  /** The same state with the nodes exchanged. */
  State mirrored() {
    State state = new State(Field.mirrored(low, 0), Field.mirrored(high, 1));
    for (int key = 0; key < Field.KEY.count; key++) {
      if (get(Field.KEY, key) >= Key.LEASE) {
        state = state.with(Field.KEY, key, Key.mirrored(get(Field.KEY, key)));
      }
    }
    return state;
  }

  boolean isBefore(State other) {
    return low != other.low ? low < other.low : high < other.high;
  }

  /** Without the keys that nothing can read any more. */
  State withoutOldKeys() {
    State state = this;
    for (int key = 0; key < Field.KEY.count; key++) {
      if (state.get(Field.KEY, key) != Key.MISSING && !isInUse(key)) {
        state = state.with(Field.KEY, key, Key.MISSING);
      }
    }
    return state;
  }

  private boolean isInUse(int key) {
    if (key % GENERATIONS == get(Field.GENERATION)) {
      return true;
    }
    for (int node = 0; node < NODES; node++) {
      int session = get(Field.SESSION, node);
      if (session != 0 && key(session) == key) {
        return true;
      }
    }
    return false;
  }

  /** The variables that differ between two states, for a trace. */
  String changesTo(State next) {
    Map<Field, String> changes = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      int[] before = IntStream.range(0, field.count).map(i -> get(field, i)).toArray();
      int[] after = IntStream.range(0, field.count).map(i -> next.get(field, i)).toArray();
      if (!Arrays.equals(before, after)) {
        changes.put(field, text(field, before) + " -> " + text(field, after));
      }
    }
    return changes.entrySet().stream()
        .map(change -> change.getKey() + " " + change.getValue())
        .collect(Collectors.joining("; "));
  }

  private static String text(Field field, int[] values) {
    return Arrays.stream(values)
        .mapToObj(value -> field == Field.KEY ? Key.text(value) : Integer.toString(value))
        .collect(Collectors.joining(","));
  }
}
