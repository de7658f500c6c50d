package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Builds the history of one product for a test. Times are in any unit. */
final class HistoryBuilder {

  static final long PRODUCT = 7;

  final List<Operation> operations = new ArrayList<>();
  private int client = 1;
  private int node = 1;
  private long replaces = Operation.ABSENT;

  /** Sets the client of the next operations. */
  HistoryBuilder by(int client) {
    return by(client, 1);
  }

  HistoryBuilder by(int client, int node) {
    this.client = client;
    this.node = node;
    return this;
  }

  /** Makes the next write conditional on a value. */
  HistoryBuilder replacing(long value) {
    replaces = value;
    return this;
  }

  HistoryBuilder write(long value, long version, long invoked, long completed) {
    return add(Kind.WRITE, value, version, Outcome.OK, invoked, completed);
  }

  HistoryBuilder delete(long value, long version, long invoked, long completed) {
    return add(Kind.DELETE, value, version, Outcome.OK, invoked, completed);
  }

  /** Adds a write or delete that did not succeed. */
  HistoryBuilder add(Kind kind, long value, Outcome outcome, long invoked, long completed) {
    return add(kind, value, Operation.NO_VERSION, outcome, invoked, completed);
  }

  HistoryBuilder read(long value, long version, long invoked, long completed) {
    return add(Kind.READ, value, version, Outcome.OK, invoked, completed);
  }

  HistoryBuilder readNothing(long invoked, long completed) {
    return read(Operation.ABSENT, Operation.NO_VERSION, invoked, completed);
  }

  private HistoryBuilder add(
      Kind kind, long value, long version, Outcome outcome, long invoked, long completed) {
    operations.add(
        new Operation(
            client, node, kind, PRODUCT, value, version, outcome, invoked, completed, "test",
            replaces));
    replaces = Operation.ABSENT;
    return this;
  }
}
