package dev.canvas.model;

import dev.canvas.model.Steps.Next;

/**
 * What happens to Redis, to the connections and to the nodes, and how nodes learn which Redis may
 * be trusted ({@code RedisLink}, {@code TrustedRedis}). A Redis that refuses writes needs no step:
 * any command may fail anyhow.
 */
final class FaultSteps implements Steps {

  private final Scope scope;
  private final Rule broken;
  private final RelaySteps relay;

  FaultSteps(Scope scope, Rule broken, RelaySteps relay) {
    this.scope = scope;
    this.broken = broken;
    this.relay = relay;
  }

  @Override
  public void from(State state, Next next) {
    evicts(state, next);
    redisChanges(state, next);
    crashes(state, 0, next);
    if (scope.isSymmetric()) {
      crashes(state.mirrored(), 1, next);
    }
    relayConnects(state, next);
    for (int node = 0; node < State.NODES; node++) {
      if (state.isAlive(node)) {
        forgets(state, node, next);
        if (scope.hasTrust) {
          connects(state, node, next);
          looks(state, node, next);
        }
      }
    }
  }

  /** Eviction, {@code FLUSHALL}, the end of a lease, a fence or a value. */
  private static void evicts(State state, Next next) {
    for (int key = 0; key < Field.KEY.count; key++) {
      if (state.get(Field.KEY, key) != Key.MISSING) {
        next.step("Redis loses a key", -1, state.with(Field.KEY, key, Key.MISSING));
      }
    }
  }

  /** Another server is master now. What nodes still send to the last one, it still executes. */
  private void redisChanges(State state, Next next) {
    int server = state.get(Field.SERVER);
    if (server + 1 < scope.servers) {
      next.step("Redis fails over", -1, state.with(Field.SERVER, server + 1));
    }
    if (server == 0 && scope.servers == State.SERVERS) {
      next.step("Redis restarts from a snapshot", -1, restarted(state));
    }
  }

  /** All connections are lost, and each key that the run had is as at the beginning. */
  private State restarted(State state) {
    State after = state.with(Field.SERVER, State.SERVERS - 1).with(Field.RELAY_SESSION, 0);
    for (int generation = 0; generation < State.GENERATIONS; generation++) {
      after = after.with(Field.KEY, generation, generation == 0 ? Key.VALUE : Key.MISSING);
    }
    for (int node = 0; node < State.NODES; node++) {
      after = after.with(Field.SESSION, node, 0);
      if (after.get(Field.LATE, node) != 0) {
        after = after.with(Field.LATE, node, 0).with(Field.WHERE, node, 0);
      }
    }
    return after;
  }

  /**
   * Node 0 ends, and with it the relay if it was there. Another relay begins anew.
   *
   * @param node its number, if the nodes were exchanged before
   */
  private void crashes(State state, int node, Next next) {
    if (!scope.hasCrash || state.get(Field.CRASHED) != 0) {
      return;
    }
    State after = state.with(Field.CRASHED, 1);
    for (Field field :
        new Field[] {
          Field.SESSION, Field.TRUST, Field.SEEN, Field.RECORDED, Field.FLIGHT,
          Field.JOINER, Field.EXPIRES, Field.NEAR, Field.MESSAGE, Field.ARRIVING
        }) {
      after = after.with(field, 0, 0);
    }
    after = after.with(Field.STAGE, 0, WriterSteps.Stage.OVER);
    if (after.get(Field.LATE, 0) == 0) {
      after = after.with(Field.FENCE, 0, 0).with(Field.WRITTEN, 0, 0).with(Field.WHERE, 0, 0);
    }
    next.step("crashes", node, after);
    next.step("crashes with the relay", node, RelaySteps.ends(after).with(Field.RELAY_SESSION, 0));
  }

  private void connects(State state, int node, Next next) {
    int session = state.get(Field.SESSION, node);
    if (session != 0) {
      next.step("loses its connection", node, state.with(Field.SESSION, node, 0));
      return;
    }
    int server = state.get(Field.SERVER);
    int generation = state.get(Field.GENERATION);
    if (state.get(Field.NAMED) == State.SERVER + relay.identity(server)) {
      next.step(
          "connects to Redis",
          node,
          state
              .with(Field.SESSION, node, State.session(server, generation))
              .with(Field.TRUST, node, generation + 1));
    }
  }

  /** A node asks the store which Redis may be trusted; its last answer expires by the clock. */
  private static void looks(State state, int node, Next next) {
    int trust = state.get(Field.TRUST, node);
    int now = state.get(Field.NAMED) >= State.SERVER ? state.get(Field.GENERATION) + 1 : 0;
    if (trust != now) {
      next.step("asks the store", node, state.with(Field.TRUST, node, now));
    }
    if (trust != 0 && now != 0) {
      next.step("has had no answer", node, state.with(Field.TRUST, node, 0));
    }
  }

  /**
   * Two seconds later ({@code SeenVersions.LIFE}): selects are answered by then, and what was read
   * is relayed, or hidden by the fence of a writer that is slow.
   */
  private void forgets(State state, int node, Next next) {
    int recorded = state.get(Field.RECORDED, node);
    int flight = state.get(Field.FLIGHT, node);
    if (recorded == 0 || (flight >= ReaderSteps.SELECTED && flight < ReaderSteps.ANSWERED)) {
      return;
    }
    for (int version = 1; version <= recorded; version++) {
      boolean relayed = (state.get(Field.OUTBOX) & (1 << (version - 1))) == 0;
      if (!relayed && !isFenced(state, version)) {
        return;
      }
    }
    next.step("forgets what it has read", node, state.with(Field.RECORDED, node, 0));
  }

  private boolean isFenced(State state, int version) {
    for (int writer = 0; writer < State.NODES; writer++) {
      int session = state.get(Field.SESSION, writer);
      if (session != 0 && WriterSteps.hasCommittedUnderFence(state, writer, version)) {
        int tokens = Key.tokens(state.get(Field.KEY, State.key(session)));
        return broken == Rule.NO_FENCE || (tokens & 1 << writer) != 0;
      }
    }
    return false;
  }

  private void relayConnects(State state, Next next) {
    int session = state.get(Field.RELAY_SESSION);
    int now = State.session(state.get(Field.SERVER), state.get(Field.GENERATION));
    if (scope.hasTrust && session != 0) {
      next.step("relay: loses its connection", -1, state.with(Field.RELAY_SESSION, 0));
    }
    if (session == 0 && RelaySteps.stage(state) != RelaySteps.Stage.PERMITTED) {
      next.step("relay: connects to Redis", -1, state.with(Field.RELAY_SESSION, now));
    }
  }
}
