package dev.canvas.model;

import dev.canvas.model.Steps.Next;
import java.util.List;

/**
 * The protocol in a scope: the steps of everybody. States that no step tells apart are made one, so
 * that there are fewer of them.
 */
final class Protocol implements Steps {

  private final Scope scope;
  private final boolean mirrors;
  private final List<Steps> parts;

  /**
   * @param broken the rule that is not kept
   * @param mirrors whether two states count as one if they differ in the numbers of the nodes only;
   *     in a trace the nodes would change their numbers on the way
   */
  Protocol(Scope scope, Rule broken, boolean mirrors) {
    this.scope = scope;
    this.mirrors = mirrors && scope.isSymmetric();
    Key keys = new Key(broken);
    NearSteps near = new NearSteps(scope, broken);
    RelaySteps relay = new RelaySteps(scope, broken, keys, near);
    parts =
        List.of(
            new WriterSteps(scope, broken, keys, near),
            new ReaderSteps(scope, broken, keys, near),
            relay,
            near,
            new FaultSteps(scope, broken, relay));
  }

  @Override
  public void from(State state, Next next) {
    Next one = (name, actor, after) -> next.step(name, actor, representative(after));
    for (Steps part : parts) {
      part.from(state, one);
    }
  }

  private State representative(State state) {
    State one = state.withoutOldKeys();
    if (!scope.hasNear) {
      one = withoutOldNews(one);
    }
    if (mirrors && one.get(Field.CRASHED) == 0) {
      State mirrored = one.mirrored();
      return mirrored.isBefore(one) ? mirrored : one;
    }
    return one;
  }

  /** Without what is known of versions that decide nothing any more. */
  private static State withoutOldNews(State state) {
    State one = state;
    for (int node = 0; node < State.NODES; node++) {
      if (one.get(Field.SEEN, node) <= one.get(Field.CONFIRMED)) {
        one = one.with(Field.SEEN, node, 0);
      }
      int confirmed = WriterSteps.confirmed(one, node);
      int rows = one.get(Field.OUTBOX) | one.get(Field.ROWS);
      if (confirmed != 0 && (rows & (1 << confirmed) - 1) == 0 && one.get(Field.LATE, node) == 0) {
        one = WriterSteps.forgotten(one, node);
      }
    }
    return one;
  }
}
