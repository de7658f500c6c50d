package dev.canvas.model;

import dev.canvas.model.Steps.Next;

/**
 * The steps of the writer of a node ({@code FencedCommit}, {@code UnfencedCommit}, {@code
 * PendingRepairs}, {@code UnconfirmedWrites}): fence, select, commit, install; and if the install
 * is not confirmed, what has to happen before the caller is answered. Each writes once. Without a
 * fence it stands for a bulk import as well, whose repair is the one of a write that waits.
 */
final class WriterSteps implements Steps {

  /** How far a writer has got. */
  enum Stage {
    IDLE,
    SELECTED,
    COMMITTED,
    /** Committed, or found; it waits until no cache shows the version before. */
    AWAITING,
    /** It has ended the trust, and waits until no node can have noticed too late. */
    EXPIRING,
    /** The caller has been told that it is done. */
    CONFIRMED,
    /** The caller has not, or not that it is done. */
    OVER
  }

  /** The fence has not been set. */
  static final int NOT_ASKED = 0;

  /** It could not be set, or may not be. */
  static final int NOT_FENCED = 1;

  /** It is set; nobody was reading the product. */
  static final int FENCED = 2;

  /** It is set, and the product is being read. */
  static final int WANTED = 3;

  private static final int LATE_FENCE = 1;
  private static final int LATE_INSTALL = 2;

  private static final Stage[] STAGES = Stage.values();

  private final Scope scope;
  private final Rule broken;
  private final Key keys;
  private final NearSteps near;

  WriterSteps(Scope scope, Rule broken, Key keys, NearSteps near) {
    this.scope = scope;
    this.broken = broken;
    this.keys = keys;
    this.near = near;
  }

  /** Whether the node has committed a version and not installed it yet. */
  static boolean hasCommittedUnderFence(State state, int node, int version) {
    return stage(state, node) == Stage.COMMITTED
        && state.get(Field.FENCE, node) >= FENCED
        && state.get(Field.WRITTEN, node) == version;
  }

  /** The version that the node has confirmed; 0 for none. */
  static int confirmed(State state, int node) {
    return stage(state, node) == Stage.CONFIRMED ? state.get(Field.WRITTEN, node) : 0;
  }

  /** Without the confirmed write, when nothing depends on it any more. */
  static State forgotten(State state, int node) {
    return at(state, node, Stage.OVER).with(Field.WRITTEN, node, 0).with(Field.WHERE, node, 0);
  }

  private static Stage stage(State state, int node) {
    return STAGES[state.get(Field.STAGE, node)];
  }

  private static State at(State state, int node, Stage stage) {
    return state.with(Field.STAGE, node, stage);
  }

  @Override
  public void from(State state, Next next) {
    for (int node = 0; node < scope.writers; node++) {
      redisExecutesLate(state, node, next);
      if (!state.isAlive(node)) {
        continue;
      }
      switch (stage(state, node)) {
        case IDLE -> {
          fences(state, node, next);
          next.step(
              "selects the row",
              node,
              at(state, node, Stage.SELECTED).with(Field.WRITTEN, node, state.get(Field.VERSION)));
        }
        case SELECTED -> {
          fences(state, node, next);
          if (state.get(Field.FENCE, node) != NOT_ASKED) {
            commits(state, node, next);
            changesNothing(state, node, next);
          }
        }
        case COMMITTED -> {
          if (state.get(Field.FENCE, node) == NOT_FENCED) {
            next.step("learns that it is committed", node, awaits(state, node));
          } else {
            installs(state, node, next);
            outcomeIsUnknown(state, node, next);
          }
        }
        case AWAITING -> {
          repairs(state, node, next);
          relayHasPassed(state, node, next);
          distrusts(state, node, next);
        }
        case EXPIRING -> trustExpires(state, node, next);
        default -> {}
      }
    }
  }

  private void fences(State state, int node, Next next) {
    if (state.get(Field.FENCE, node) != NOT_ASKED) {
      return;
    }
    next.step("is not fenced", node, state.with(Field.FENCE, node, NOT_FENCED));
    if (!state.isCovered(node)) {
      return;
    }
    int session = state.get(Field.SESSION, node);
    int key = state.get(Field.KEY, State.key(session));
    State fenced = executeFence(state, node, session);
    int wanted = keys.isWanted(key) ? WANTED : FENCED;
    next.step("fences", node, fenced.with(Field.FENCE, node, wanted));
    next.step("fences and gets no answer", node, fenced.with(Field.FENCE, node, NOT_FENCED));
    if (scope.hasLate) {
      next.step(
          "gives its fence up",
          node,
          state
              .with(Field.FENCE, node, NOT_FENCED)
              .with(Field.LATE, node, LATE_FENCE)
              .with(Field.WHERE, node, session));
    }
  }

  private State executeFence(State state, int node, int session) {
    int index = State.key(session);
    int key = keys.fence(state.get(Field.KEY, index), node, expiredTokens(state, node));
    State after = state.with(Field.KEY, index, key);
    return broken == Rule.NO_FENCE ? after : near.publish(after);
  }

  /** The other writer's token has expired if it does not stand for a commit under way. */
  private static int expiredTokens(State state, int node) {
    int other = 1 - node;
    boolean active =
        state.isAlive(other)
            && state.get(Field.FENCE, other) >= FENCED
            && stage(state, other).compareTo(Stage.COMMITTED) <= 0;
    return active ? 0 : 1 << other;
  }

  /** The row is written if it is still at the version that was selected. */
  private void commits(State state, int node, Next next) {
    int version = state.get(Field.VERSION);
    if (version == state.get(Field.WRITTEN, node)) {
      next.step(
          "commits",
          node,
          at(state, node, Stage.COMMITTED)
              .with(Field.VERSION, version + 1)
              .with(Field.WRITTEN, node, version + 1)
              .with(Field.OUTBOX, state.get(Field.OUTBOX) | 1 << version));
    } else {
      State again = at(state, node, Stage.IDLE).with(Field.FENCE, node, NOT_ASKED);
      again = again.with(Field.WRITTEN, node, 0);
      next.step("is overtaken", node, again);
      if (state.get(Field.FENCE, node) >= FENCED && state.get(Field.SESSION, node) != 0) {
        next.step(
            "is overtaken and removes its fence", node, executeInstall(again, node, 0, false));
      }
    }
  }

  /** An identical change of another writer is found: its version is confirmed. */
  private void changesNothing(State state, int node, Next next) {
    if (state.get(Field.WRITTEN, node) == 0) {
      return;
    }
    if (broken == Rule.UNCHANGED_AT_ONCE) {
      next.step("changes nothing", node, confirm(state, node));
    } else if (state.get(Field.FENCE, node) == NOT_FENCED) {
      next.step("changes nothing", node, awaits(state, node));
    } else {
      next.step(
          "changes nothing",
          node,
          at(state, node, Stage.COMMITTED).with(Field.FENCE, node, FENCED));
    }
  }

  private void installs(State state, int node, Next next) {
    int session = state.get(Field.SESSION, node);
    next.step("could not install", node, awaits(state, node));
    if (session == 0) {
      return;
    }
    boolean wanted = state.get(Field.FENCE, node) == WANTED;
    State installed = executeInstall(state, node, state.get(Field.WRITTEN, node), wanted);
    if (state.isCovered(node) || broken == Rule.ANSWER_WITHOUT_TRUST) {
      next.step("installs", node, confirm(installed, node).with(Field.WHERE, node, session));
    }
    next.step("installs and gets no answer", node, awaits(installed, node));
    if (scope.hasLate) {
      next.step(
          "gives its install up",
          node,
          awaits(state, node)
              .with(Field.LATE, node, LATE_INSTALL)
              .with(Field.WHERE, node, session)
              .with(Field.FENCE, node, state.get(Field.FENCE, node)));
    }
  }

  private State executeInstall(State state, int node, int version, boolean wanted) {
    return executeInstall(state, node, state.get(Field.SESSION, node), version, wanted);
  }

  private State executeInstall(State state, int node, int session, int version, boolean wanted) {
    int index = State.key(session);
    int key = keys.install(state.get(Field.KEY, index), node, version, wanted && version > 0);
    State after = state.with(Field.KEY, index, key);
    return version == 0 || broken == Rule.INSTALL_PUBLISHES_NOTHING ? after : near.publish(after);
  }

  /** The commit has no answer: the caller is told so, and the fence is removed when it is known. */
  private void outcomeIsUnknown(State state, int node, Next next) {
    State over = over(NearSteps.invalidate(state, node), node, Stage.OVER);
    next.step("does not know the outcome", node, over);
    if (state.get(Field.SESSION, node) != 0) {
      next.step("learns the outcome too late", node, executeInstall(over, node, 0, false));
    }
  }

  private void redisExecutesLate(State state, int node, Next next) {
    int late = state.get(Field.LATE, node);
    if (late == 0) {
      return;
    }
    int session = state.get(Field.WHERE, node);
    State over = state.with(Field.LATE, node, 0).with(Field.WHERE, node, 0);
    if (late == LATE_FENCE) {
      next.step("fences late", node, executeFence(over, node, session));
    } else {
      boolean wanted = state.get(Field.FENCE, node) == WANTED;
      int written = state.get(Field.WRITTEN, node);
      State installed = executeInstall(over, node, session, written, wanted);
      next.step("installs late", node, installed.with(Field.FENCE, node, 0));
    }
  }

  private static State awaits(State state, int node) {
    State waiting = at(state, node, Stage.AWAITING).with(Field.FENCE, node, NOT_ASKED);
    return NearSteps.invalidate(waiting, node);
  }

  private void repairs(State state, int node, Next next) {
    if (state.isCovered(node)) {
      int index = State.key(state.get(Field.SESSION, node));
      int key = keys.repair(state.get(Field.KEY, index), state.get(Field.WRITTEN, node));
      State repaired = near.publish(state.with(Field.KEY, index, key));
      next.step("repairs its product", node, confirm(repaired, node));
    }
  }

  private void relayHasPassed(State state, int node, Next next) {
    if ((state.get(Field.OUTBOX) & (1 << (state.get(Field.WRITTEN, node) - 1))) == 0) {
      next.step("learns that the relay has passed", node, confirm(state, node));
    }
  }

  private void distrusts(State state, int node, Next next) {
    if (broken == Rule.TRUST_NEVER_ENDS) {
      next.step("is tired of waiting", node, confirm(state, node));
    } else if (state.get(Field.GENERATION) < scope.generations - 1
        || state.get(Field.NAMED) < State.SERVER) {
      State ended = state.distrust();
      next.step(
          "ends the trust",
          node,
          at(ended, node, Stage.EXPIRING).with(Field.EXPIRES, node, ended.get(Field.GENERATION)));
    }
  }

  private void trustExpires(State state, int node, Next next) {
    if (state.isTrustedByNoneBefore(state.get(Field.EXPIRES, node))
        || broken == Rule.CONFIRMED_BEFORE_TRUST_EXPIRES) {
      next.step("knows that no node trusts Redis", node, confirm(state, node));
    }
  }

  private State confirm(State state, int node) {
    int written = state.get(Field.WRITTEN, node);
    State after = NearSteps.invalidate(over(state, node, Stage.CONFIRMED), node);
    return after.with(Field.WRITTEN, node, written).raise(Field.CONFIRMED, 0, written);
  }

  /** Nothing but a late command is left of the write. */
  private static State over(State state, int node, Stage stage) {
    State after = at(state, node, stage).with(Field.EXPIRES, node, 0);
    return state.get(Field.LATE, node) == 0
        ? after.with(Field.FENCE, node, 0).with(Field.WRITTEN, node, 0)
        : after;
  }
}
