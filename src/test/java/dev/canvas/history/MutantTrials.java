package dev.canvas.history;

import dev.canvas.data.Mutant;
import dev.canvas.testing.KillableServers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures how long random clients need to find each broken rule of the protocol. {@link MutantsIT}
 * shows that each is found at all, without chance.
 *
 * @param out receives a line for each mutant
 */
record MutantTrials(Consumer<String> out) {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Runs the trials; returns whether all mutants were found in time. */
  boolean run(List<Mutant> mutants) {
    boolean all = true;
    try (KillableServers servers = new KillableServers()) {
      for (Mutant mutant : mutants) {
        all &= isFound(servers, mutant);
      }
    }
    return all;
  }

  private boolean isFound(KillableServers servers, Mutant mutant) {
    try (Trial trial = new Trial(servers, mutant, mutant.isNear(), false)) {
      long began = System.nanoTime();
      List<Violation> violations = trial.violations(LIMIT);
      double seconds = (System.nanoTime() - began) / 1e9;
      String found =
          violations.isEmpty() ? "not found in" : violations.get(0).rule() + " found after";
      out.accept(
          "%s: %s %.1f s and %d operations".formatted(mutant, found, seconds, trial.operations()));
      return !violations.isEmpty();
    }
  }
}
