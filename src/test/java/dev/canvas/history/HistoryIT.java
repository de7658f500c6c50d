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

  @Test
  void noReadIsStaleAndNoWriteIsLostWhateverFails() {
    Verdict verdict = new Run(PLAN, true, line -> {}).run(HistoryIT::everyFaultOnce);
    assertEquals(List.of(), verdict.violations());
    assertEquals(List.of(), verdict.disagreements());
    assertEquals(List.of(), verdict.unrecovered());
    long done = verdict.operations().stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 5_000, () -> "too few successful operations: " + verdict.table());
  }

  private static void everyFaultOnce(Nemesis nemesis, List<Fault> faults) {
    nemesis.pause(BETWEEN);
    for (Fault fault : faults) {
      nemesis.inject(List.of(fault), FAULT);
      nemesis.pause(BETWEEN);
    }
  }
}
