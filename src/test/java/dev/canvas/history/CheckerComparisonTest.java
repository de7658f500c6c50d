package dev.canvas.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the checker with one that tries every order, on small random histories. */
class CheckerComparisonTest {

  private static final int HISTORIES = 60_000;

  private int accepted;
  private int rejected;

  @Test
  void bothAgreeIfAllVersionsAreKnown() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      compare(seed, true);
    }
    assertManyOfBoth();
  }

  @Test
  void theCheckerReportsNoFalseViolationIfSomeVersionsAreUnknown() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      compare(seed, false);
    }
    assertManyOfBoth();
  }

  private void compare(int seed, boolean allVersions) {
    RandomHistory random = new RandomHistory(new Random(seed), allVersions);
    List<Operation> history = random.operations();
    long unknownLife = allVersions ? 1_000 : seed % 20;
    boolean right = new ExhaustiveChecker(history, unknownLife).accepts();
    List<Violation> violations =
        new Checker(Duration.ofNanos(unknownLife), Duration.ZERO).check(history);
    if (violations.isEmpty()) {
      accepted++;
    } else {
      rejected++;
    }
    if (right || allVersions) {
      assertEquals(right, violations.isEmpty(), () -> seed + ": " + history + violations);
    }
  }

  private void assertManyOfBoth() {
    assertTrue(
        accepted > HISTORIES / 10 && rejected > HISTORIES / 10,
        accepted + " accepted, " + rejected);
  }

  /** Writes that take effect within their calls, so their versions are right; and random reads. */
  private record RandomHistory(Random random, boolean allVersions) {

    private record Point(int at, Operation write) {}

    List<Operation> operations() {
      List<Point> points = new ArrayList<>();
      for (int value = 1; value <= 1 + random.nextInt(4); value++) {
        points.add(write(value));
      }
      points.sort(Comparator.comparingInt(Point::at));
      List<Operation> history = new ArrayList<>();
      for (Point point : points) {
        boolean tells = point.write.isOk() && (allVersions || random.nextBoolean());
        history.add(tells ? at(point.write, 10L * (history.size() + 1)) : point.write);
      }
      int writes = history.size();
      for (int i = 0; i <= random.nextInt(4); i++) {
        history.add(read(history.subList(0, writes)));
      }
      return history;
    }

    private Point write(int value) {
      int invoked = random.nextInt(40);
      int completed = invoked + 1 + random.nextInt(12);
      boolean ok = random.nextInt(4) > 0;
      // The version of a delete with an unknown outcome is never known.
      boolean delete = random.nextInt(3) == 0 && (ok || !allVersions);
      return new Point(
          ok ? invoked + random.nextInt(completed - invoked) : completed + random.nextInt(20),
          new Operation(
              0,
              1,
              delete ? Kind.DELETE : Kind.WRITE,
              HistoryBuilder.PRODUCT,
              value,
              Operation.NO_VERSION,
              ok ? Outcome.OK : Outcome.UNKNOWN,
              invoked,
              completed,
              ""));
    }

    private static Operation at(Operation write, long version) {
      return new Operation(
          write.client(),
          write.node(),
          write.kind(),
          write.product(),
          write.value(),
          version,
          write.outcome(),
          write.invoked(),
          write.completed(),
          write.note());
    }

    private Operation read(List<Operation> writes) {
      int which = random.nextInt(writes.size() + 1);
      Operation write = which == writes.size() ? null : writes.get(which);
      boolean media = write != null && write.kind() == Kind.WRITE;
      boolean tells = media && (allVersions || (write.isOk() && random.nextBoolean()));
      int invoked = random.nextInt(60);
      return new Operation(
          random.nextInt(2),
          1,
          Kind.READ,
          HistoryBuilder.PRODUCT,
          media ? write.value() : Operation.ABSENT,
          tells ? 10L * (which + 1) : Operation.NO_VERSION,
          Outcome.OK,
          invoked,
          invoked + 1 + random.nextInt(8),
          "");
    }
  }
}
