package dev.canvas.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.Mutant;
import dev.canvas.testing.KillableServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker finds each broken rule of the protocol, and none where all are kept. */
class MutantsIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration CONTROL = Duration.ofSeconds(8);

  private static KillableServers servers;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aMutantIsCaughtWithinAMinute(Mutant mutant) {
    try (Trial trial = new Trial(servers, mutant, mutant == Mutant.NEAR_CACHE_DEAF)) {
      long began = System.nanoTime();
      List<Violation> violations = trial.violations(MINUTE);
      System.out.println(
          mutant
              + " "
              + violations.size()
              + " in "
              + trial.operations()
              + " "
              + (System.nanoTime() - began) / 1000000
              + " ms "
              + (violations.isEmpty() ? "" : violations.get(0)));
      assertFalse(violations.isEmpty(), () -> "not caught in " + trial.operations());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theProtocolItselfKeepsThePromise(boolean near) {
    try (Trial trial = new Trial(servers, Mutant.NONE, near)) {
      assertEquals(List.of(), trial.violations(CONTROL));
      assertTrue(trial.operations() > 2_000, () -> "too few to tell: " + trial.operations());
    }
  }
}
