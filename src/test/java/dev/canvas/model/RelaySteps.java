package dev.canvas.model;

import dev.canvas.model.Steps.Next;

/**
 * The steps of the one relay that works ({@code Relay}, {@code RedisNaming}): read the outbox, ask
 * what may be done, repair, delete. It also names the Redis that may be trusted.
 */
final class RelaySteps implements Steps {

  /** How far a round has got. */
  enum Stage {
    IDLE,
    READ,
    /** It may repair in the generation of its permit. */
    PERMITTED,
    /** It has repaired, or had nothing to repair: what it has read may be deleted. */
    DONE
  }

  private static final Stage[] STAGES = Stage.values();

  private final Scope scope;
  private final Rule broken;
  private final Key keys;
  private final NearSteps near;

  RelaySteps(Scope scope, Rule broken, Key keys, NearSteps near) {
    this.scope = scope;
    this.broken = broken;
    this.keys = keys;
    this.near = near;
  }

  @Override
  public void from(State state, Next next) {
    boolean changesWait = state.get(Field.OUTBOX) != 0;
    switch (stage(state)) {
      case IDLE -> {
        if (broken == Rule.PERMIT_BEFORE_THE_ROWS) {
          asks(state, changesWait, next);
        } else if (changesWait) {
          next.step("relay: reads the outbox", -1, read(state));
        } else {
          asks(state, false, next);
        }
      }
      case READ -> asks(state, true, next);
      case PERMITTED -> repairs(state, next);
      case DONE -> deletes(state, next);
    }
  }

  static Stage stage(State state) {
    return STAGES[state.get(Field.RELAY)];
  }

  private static State read(State state) {
    return at(state, Stage.READ).with(Field.ROWS, state.get(Field.OUTBOX));
  }

  private static State at(State state, Stage stage) {
    return state.with(Field.RELAY, 0, stage);
  }

  /** The round ends without a result. */
  static State ends(State state) {
    return at(state, Stage.IDLE).with(Field.ROWS, 0).with(Field.PERMIT, 0);
  }

  private State permits(State state, Stage stage) {
    State permitted = at(state, stage).with(Field.PERMIT, state.get(Field.GENERATION));
    return broken == Rule.PERMIT_BEFORE_THE_ROWS
        ? permitted.with(Field.ROWS, 0)
        : state.get(Field.ROWS) == 0 ? ends(state) : permitted;
  }

  private void asks(State state, boolean changesWait, Next next) {
    int session = state.get(Field.RELAY_SESSION);
    int generation = state.get(Field.GENERATION);
    boolean connected = session != 0 && State.generation(session) == generation;
    int named = state.get(Field.NAMED);
    if (named == State.ENDED) {
      if (broken == Rule.NAMED_AT_ONCE || state.isTrustedByNoneBefore(generation)) {
        next.step(
            "relay: settles the end of the trust", -1, state.with(Field.NAMED, State.SETTLED));
      }
    } else if (named == State.SETTLED) {
      State after =
          connected
              ? state.with(Field.NAMED, State.SERVER + identity(State.server(session)))
              : state;
      String name = connected ? "relay: names the Redis that it reaches" : "relay: needs no Redis";
      State permitted = permits(after, Stage.DONE);
      if (!permitted.equals(state)) {
        next.step(name, -1, permitted);
      }
    } else if (connected ? State.SERVER + identity(State.server(session)) != named : changesWait) {
      if (generation < scope.generations - 1) {
        next.step("relay: ends the trust", -1, ends(distrust(state)));
      }
    } else if (connected && (state.get(Field.ROWS) != 0 || broken == Rule.PERMIT_BEFORE_THE_ROWS)) {
      next.step("relay: may repair", -1, permits(state, Stage.PERMITTED));
    }
  }

  private State distrust(State state) {
    return broken == Rule.NAMED_IN_THE_SAME_GENERATION
        ? state.with(Field.NAMED, State.ENDED)
        : state.distrust();
  }

  /** What a server is named by: it is another one after each promotion and each start. */
  int identity(int server) {
    return broken == Rule.IDENTITY_WITHOUT_PROMOTION || broken == Rule.KEYS_WITHOUT_THE_RUN
        ? server % State.RUNS
        : server;
  }

  /** The repair was sent with the permit, over the connection of then. */
  private void repairs(State state, Next next) {
    int session = state.get(Field.RELAY_SESSION);
    if (state.get(Field.GENERATION) < scope.generations - 1
        && state.get(Field.NAMED) >= State.SERVER) {
      next.step("relay: is refused the repair", -1, ends(distrust(state)));
    }
    if (session == 0 || State.generation(session) != state.get(Field.PERMIT)) {
      next.step("relay: could not repair", -1, ends(state));
      return;
    }
    int rows =
        broken == Rule.PERMIT_BEFORE_THE_ROWS ? state.get(Field.OUTBOX) : state.get(Field.ROWS);
    int version = Integer.SIZE - Integer.numberOfLeadingZeros(rows);
    State done = at(state, Stage.DONE);
    if (isInstalled(state, version, session)) {
      next.step("relay: need not repair", -1, done);
    }
    int index = State.key(session);
    int key = keys.repair(state.get(Field.KEY, index), version);
    next.step("relay: repairs", -1, near.publish(done.with(Field.KEY, index, key)));
  }

  /** Whether a writer has confirmed that its install did the same. */
  private static boolean isInstalled(State state, int version, int session) {
    for (int node = 0; node < State.NODES; node++) {
      if (state.isAlive(node)
          && state.get(Field.LATE, node) == 0
          && state.get(Field.WHERE, node) == session
          && WriterSteps.confirmed(state, node) >= version) {
        return true;
      }
    }
    return false;
  }

  private void deletes(State state, Next next) {
    State over = ends(state);
    int rows =
        broken == Rule.PERMIT_BEFORE_THE_ROWS ? state.get(Field.OUTBOX) : state.get(Field.ROWS);
    if (state.get(Field.GENERATION) == state.get(Field.PERMIT)) {
      next.step(
          "relay: deletes what it has relayed",
          -1,
          over.with(Field.OUTBOX, state.get(Field.OUTBOX) & ~rows));
    } else {
      next.step("relay: deletes nothing", -1, over);
    }
  }
}
