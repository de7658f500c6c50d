package dev.canvas.model;

import dev.canvas.model.State.Violation;
import dev.canvas.model.Steps.Next;

/**
 * The steps of near caches ({@code NearCache}, {@code InvalidationListener}). A value of Redis
 * arrives with a ticket and is put if the ticket is still good. Messages of Redis arrive in their
 * order; a message that is lost is one that is late, because the cache is emptied before it would
 * miss it for longer than {@code NearCache.VALIDITY}.
 */
final class NearSteps implements Steps {

  /** Added to a value that arrives with a void ticket. */
  private static final int VOID = Key.VERSIONS;

  private final Scope scope;
  private final Rule broken;

  NearSteps(Scope scope, Rule broken) {
    this.scope = scope;
    this.broken = broken;
  }

  @Override
  public void from(State state, Next next) {
    if (!scope.hasNear) {
      return;
    }
    for (int node = 0; node < State.NODES; node++) {
      if (state.isAlive(node)) {
        hits(state, node, next);
        puts(state, node, next);
        receives(state, node, next);
      }
    }
  }

  /** A node may miss another's write until it has received the message. */
  private static void hits(State state, int node, Next next) {
    int cached = state.get(Field.NEAR, node);
    if (cached == 0 || !state.isCovered(node)) {
      return;
    }
    int version = cached - 1;
    boolean upToDate = state.get(Field.MESSAGE, node) == 0;
    State after = state.raise(Field.SEEN, node, version);
    if (upToDate
        ? version < state.get(Field.CONFIRMED)
        : WriterSteps.confirmed(state, node) > version) {
      after = after.with(Field.VIOLATION, 0, Violation.STALE);
    } else if (version < state.get(Field.SEEN, node)) {
      after = after.with(Field.VIOLATION, 0, Violation.BACKWARD);
    }
    next.step("reads its near cache", node, after);
  }

  private static void puts(State state, int node, Next next) {
    int arriving = state.get(Field.ARRIVING, node);
    if (arriving == 0) {
      return;
    }
    State after = state.with(Field.ARRIVING, node, 0);
    if (arriving <= VOID) {
      next.step("puts into its near cache", node, after.raise(Field.NEAR, node, arriving));
    } else {
      next.step("does not put", node, removeOlder(after, node, arriving - 1 - VOID));
    }
  }

  private static void receives(State state, int node, Next next) {
    if (state.get(Field.MESSAGE, node) != 0) {
      next.step("is told of a change", node, invalidate(state, node).with(Field.MESSAGE, node, 0));
    }
  }

  /** A value of Redis is on its way to a node that has taken a ticket. */
  State arrives(State state, int node, int version) {
    return state.with(Field.ARRIVING, node, version + 1);
  }

  /** A reader has got a version from elsewhere. */
  State observe(State state, int node, int version) {
    return scope.hasNear ? removeOlder(voidTicket(state, node), node, version) : state;
  }

  /** A script tells all nodes that the product changes. */
  State publish(State state) {
    if (!scope.hasNear || broken == Rule.NO_INVALIDATIONS) {
      return state;
    }
    return state.with(Field.MESSAGE, 0, 1).with(Field.MESSAGE, 1, 1);
  }

  /** The writer of a node drops the product there. */
  static State invalidate(State state, int node) {
    return voidTicket(state, node).with(Field.NEAR, node, 0);
  }

  private static State voidTicket(State state, int node) {
    int arriving = state.get(Field.ARRIVING, node);
    return arriving == 0 || arriving > VOID
        ? state
        : state.with(Field.ARRIVING, node, arriving + VOID);
  }

  private static State removeOlder(State state, int node, int version) {
    return state.get(Field.NEAR, node) < version + 1 ? state.with(Field.NEAR, node, 0) : state;
  }
}
