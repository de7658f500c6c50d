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
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Workload.Plan PLAN = new Workload.Plan(20, 1_500, 8, 400, 1);
  private static final Duration STALLING = Duration.ofSeconds(8);
  private static final Workload.Plan CROWD = new Workload.Plan(200, 0, 8, 400, 2);

  @Test
  void noReadIsStaleAndNoWriteIsLostWhateverFails() {
    Verdict verdict = new Run(PLAN, true, line -> {}).run(HistoryIT::everyFaultOnce);
    assertEquals(List.of(), verdict.violations());
    assertEquals(List.of(), verdict.disagreements());
    assertEquals(List.of(), verdict.unrecovered());
    long done = verdict.operations().stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 5_000, () -> "too few successful operations: " + verdict.table());
  }

  /** Two hundred connections of clients that never pause. */
  @Test
  void noReadIsStaleAndNoWriteIsLostWhileEventLoopsStallUnderLoad() {
    Verdict verdict = new Run(CROWD, true, line -> {}).run(HistoryIT::stalls);
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
    nemesis.pause(BETWEEN);
    for (Fault fault : faults) {
      nemesis.inject(List.of(fault), FAULT);
      nemesis.pause(BETWEEN);
    }
  }
}
