package dev.canvas.model;

import dev.canvas.model.State.Violation;
import dev.canvas.model.Steps.Next;

/**
 * The steps of readers ({@code ReadThrough}, {@code MinimumVersions}, {@code NearCache}). A read
 * that one server answers is one step, as nothing that happens between its beginning and that
 * answer can make it stale. A flight takes several: lease, select, answer, fill. The node's {@link
 * Field#FLIGHT} is 0 for none, 1 under a lease, then {@link #SELECTED} or {@link #ANSWERED} plus
 * the version.
 */
final class ReaderSteps implements Steps {

  static final int LEASED = 1;
  static final int SELECTED = 2;
  static final int ANSWERED = SELECTED + Key.VERSIONS;

  private final Scope scope;
  private final Rule broken;
  private final Key keys;
  private final NearSteps near;

  ReaderSteps(Scope scope, Rule broken, Key keys, NearSteps near) {
    this.scope = scope;
    this.broken = broken;
    this.keys = keys;
    this.near = near;
  }

  @Override
  public void from(State state, Next next) {
    for (int node = 0; node < State.NODES; node++) {
      if (!state.isAlive(node)) {
        continue;
      }
      readsStore(state, node, next);
      hits(state, node, next);
      if (node >= State.NODES - scope.flights) {
        leases(state, node, next);
        selects(state, node, next);
        joins(state, node, next);
        answers(state, node, next);
        fills(state, node, next);
      }
    }
  }

  /** A read that bypasses the cache, or finds a fence, another's lease, or a rejected value. */
  private void readsStore(State state, int node, Next next) {
    int version = state.get(Field.VERSION);
    next.step("reads the store", node, remember(seen(state, node, version), node, version));
  }

  private void hits(State state, int node, Next next) {
    int session = state.get(Field.SESSION, node);
    if (!state.isCovered(node)) {
      return;
    }
    int key = state.get(Field.KEY, State.key(session));
    if (!Key.isKnown(key) || rejects(state, node, Key.version(key))) {
      return;
    }
    int version = Key.version(key);
    State after = read(state, node, version, floor(state, node));
    next.step("reads Redis", node, after);
    if (scope.hasNear && state.get(Field.ARRIVING, node) == 0) {
      next.step("reads Redis, for its near cache", node, near.arrives(after, node, version));
    }
  }

  private static void leases(State state, int node, Next next) {
    int session = state.get(Field.SESSION, node);
    if (session != 0
        && state.get(Field.FLIGHT, node) == 0
        && state.get(Field.KEY, State.key(session)) == Key.MISSING) {
      next.step(
          "leases",
          node,
          state
              .with(Field.KEY, State.key(session), Key.LEASE + node)
              .with(Field.FLIGHT, node, LEASED));
    }
  }

  private static void selects(State state, int node, Next next) {
    if (state.get(Field.FLIGHT, node) == LEASED) {
      next.step(
          "selects under its lease",
          node,
          state.with(Field.FLIGHT, node, SELECTED + state.get(Field.VERSION)));
    }
  }

  /** A read begins, sees the flight's lease, and waits for the answer or takes it. */
  private void joins(State state, int node, Next next) {
    int flight = state.get(Field.FLIGHT, node);
    if (flight < SELECTED
        || !state.isCovered(node)
        || !(broken == Rule.JOINS_ANY_FLIGHT || seesItsLease(state, node))) {
      return;
    }
    int floor = floor(state, node);
    if (flight < ANSWERED) {
      int joiner = floor > flight - SELECTED ? floor : 0;
      next.step("joins the flight", node, state.raise(Field.JOINER, node, joiner));
    } else if (!rejects(state, node, flight - ANSWERED)) {
      next.step("joins the flight late", node, read(state, node, flight - ANSWERED, floor));
    }
  }

  private static boolean seesItsLease(State state, int node) {
    return state.get(Field.KEY, State.key(state.get(Field.SESSION, node))) == Key.LEASE + node;
  }

  /** The select is answered: to the reader that began the flight, and to those that joined it. */
  private void answers(State state, int node, Next next) {
    int flight = state.get(Field.FLIGHT, node);
    if (flight < SELECTED || flight >= ANSWERED) {
      return;
    }
    int version = flight - SELECTED;
    int floor = rejects(state, node, version) ? 0 : state.get(Field.JOINER, node);
    State after =
        read(state, node, version, floor)
            .with(Field.FLIGHT, node, ANSWERED + version)
            .with(Field.JOINER, node, 0);
    next.step(
        "is answered by the store",
        node,
        broken == Rule.REMEMBERED_AFTER_THE_FILL ? after : remember(after, node, version));
  }

  private void fills(State state, int node, Next next) {
    int flight = state.get(Field.FLIGHT, node);
    if (flight < ANSWERED) {
      return;
    }
    int version = flight - ANSWERED;
    State over = state.with(Field.FLIGHT, node, 0);
    next.step("could not fill", node, remember(over, node, version));
    int session = state.get(Field.SESSION, node);
    if (session != 0) {
      int index = State.key(session);
      int key = state.get(Field.KEY, index);
      if (keys.fills(key, node)) {
        next.step("fills", node, over.with(Field.KEY, index, keys.fill(key, node, version)));
      }
    }
  }

  /** The lowest version that a read may return that begins now. */
  private static int floor(State state, int node) {
    return Math.max(state.get(Field.CONFIRMED), state.get(Field.SEEN, node));
  }

  /** Whether the node rejects a cached version. */
  private static boolean rejects(State state, int node, int version) {
    return version < state.get(Field.RECORDED, node);
  }

  /** A read that may return no less than a floor returns a version. */
  private State read(State state, int node, int version, int floor) {
    State after = seen(state, node, version);
    if (version >= floor) {
      return after;
    }
    Violation violation =
        version < state.get(Field.CONFIRMED) ? Violation.STALE : Violation.BACKWARD;
    return after.with(Field.VIOLATION, 0, violation);
  }

  private State seen(State state, int node, int version) {
    State after = near.observe(state, node, version);
    return scope.hasMemory ? after.raise(Field.SEEN, node, version) : after;
  }

  /** A node remembers what its readers get from the store ({@code MinimumVersions.recordRead}). */
  private State remember(State state, int node, int version) {
    return broken == Rule.NO_SEEN_VERSIONS || !scope.hasMemory
        ? state
        : state.raise(Field.RECORDED, node, version);
  }
}
