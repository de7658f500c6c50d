package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;

/** A history made up for a test, of one product; times in any unit. */
final class MadeUp {

  static final long PRODUCT = 7;

  final List<Operation> operations = new ArrayList<>();
  private int client = 1;
  private int node = 1;
  private long follows = Operation.ABSENT;

  /** Who does what follows. */
  MadeUp by(int client) {
    return by(client, 1);
  }

  MadeUp by(int client, int node) {
    this.client = client;
    this.node = node;
    return this;
  }

  /** What the next write names that it replaces. */
  MadeUp following(long value) {
    follows = value;
    return this;
  }

  MadeUp write(long value, long version, long invoked, long completed) {
    return add(Kind.WRITE, value, version, Outcome.OK, invoked, completed);
  }

  MadeUp delete(long value, long version, long invoked, long completed) {
    return add(Kind.DELETE, value, version, Outcome.OK, invoked, completed);
  }

  /** A write or delete that did not succeed. */
  MadeUp add(Kind kind, long value, Outcome outcome, long invoked, long completed) {
    return add(kind, value, Operation.UNTOLD, outcome, invoked, completed);
  }

  MadeUp read(long value, long version, long invoked, long completed) {
    return add(Kind.READ, value, version, Outcome.OK, invoked, completed);
  }

  MadeUp readNothing(long invoked, long completed) {
    return read(Operation.ABSENT, Operation.UNTOLD, invoked, completed);
  }

  private MadeUp add(
      Kind kind, long value, long version, Outcome outcome, long invoked, long completed) {
    operations.add(
        new Operation(
            client, node, kind, PRODUCT, value, version, outcome, invoked, completed, "made up",
            follows));
    follows = Operation.ABSENT;
    return this;
  }
}
