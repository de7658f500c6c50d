package dev.canvas.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Run.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks a short history with every fault in it. {@code perf/history} runs long ones with random
 * faults.
 */
class HistoryIT {

  private static final Duration FAULT = Duration.ofMillis(800);
  private static final Duration LONG_FAULT = Duration.ofMillis(2_500);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final List<String> LONG =
      List.of(
          "redis-refusing",
          "redis-promoted",
          "redis-swapped",
          "redis-split",
          "relay",
          "postgres-locked");
  private static final Workload.Plan PLAN = new Workload.Plan(20, 1_500, 8, 400, 1);
  private static final Duration STALLING = Duration.ofSeconds(8);
  private static final Workload.Plan CROWD = new Workload.Plan(200, 0, 8, 400, 2);

  @Test
  void noReadIsStaleAndNoWriteIsLostWhateverFails() {
    Verdict verdict =
        new Run(PLAN, true, Layout.ONE_HERE, line -> {}).run(HistoryIT::everyFaultOnce);
    assertEquals(List.of(), verdict.violations());
    assertEquals(List.of(), verdict.disagreements());
    assertEquals(List.of(), verdict.unrecovered());
    long done = verdict.operations().stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 5_000, () -> "too few successful operations: " + verdict.table());
  }

  /** Two processes without near caches, where no read may be older anywhere, not even shortly. */
  @Test
  void noReadIsStaleAndNoWriteIsLostWhileRedisFailsOverOrRefusesAndTheRelayIsBehind() {
    Verdict verdict =
        new Run(PLAN, false, Layout.PROCESSES, line -> {}).run(HistoryIT::everyLongFaultOnce);
    assertEquals(List.of(), verdict.violations());
    assertEquals(List.of(), verdict.disagreements());
    assertEquals(List.of(), verdict.unrecovered());
    long done = verdict.operations().stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 5_000, () -> "too few successful operations: " + verdict.table());
  }

  /** Two hundred connections of clients that never pause. */
  @Test
  void noReadIsStaleAndNoWriteIsLostWhileEventLoopsStallUnderLoad() {
    Verdict verdict = new Run(CROWD, true, Layout.ONE_HERE, line -> {}).run(HistoryIT::stalls);
    assertEquals(List.of(), verdict.violations());
    assertEquals(List.of(), verdict.disagreements());
    assertEquals(List.of(), verdict.unrecovered());
    long done = verdict.operations().stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 1_000, () -> "too few successful operations: " + verdict.table());
  }

  private static void stalls(Nemesis nemesis, List<Fault> faults) {
    nemesis.inject(
        faults.stream().filter(fault -> fault.name().equals("loops-stalled")).toList(), STALLING);
  }

  private static void everyFaultOnce(Nemesis nemesis, List<Fault> faults) {
    inTurn(nemesis, faults.stream().filter(fault -> !isLong(fault)).toList(), FAULT);
  }

  private static void everyLongFaultOnce(Nemesis nemesis, List<Fault> faults) {
    inTurn(nemesis, faults.stream().filter(HistoryIT::isLong).toList(), LONG_FAULT);
  }

  private static void inTurn(Nemesis nemesis, List<Fault> faults, Duration life) {
    nemesis.pause(BETWEEN);
    for (Fault fault : faults) {
      nemesis.inject(List.of(fault), life);
      nemesis.pause(BETWEEN);
    }
  }

  /** Whether it takes longer than a service trusts a Redis until it shows. */
  private static boolean isLong(Fault fault) {
    return LONG.stream().anyMatch(fault.name()::startsWith);
  }
}
