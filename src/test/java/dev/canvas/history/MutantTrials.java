package dev.canvas.history;

import dev.canvas.data.Mutant;
import dev.canvas.testing.KillableServers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long it takes to find each broken rule of the protocol by chance. That each is found at all
 * {@link MutantsIT} shows without chance.
 *
 * @param out gets a line for each
 */
record MutantTrials(Consumer<String> out) {

  private static final Duration MOST = Duration.ofMinutes(1);

  /** Whether all were found in time. */
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
    try (Trial trial = new Trial(servers, mutant, mutant.isNear())) {
      long began = System.nanoTime();
      List<Violation> violations = trial.violations(MOST);
      double seconds = (System.nanoTime() - began) / 1e9;
      String found =
          violations.isEmpty() ? "not found in" : violations.get(0).rule() + " found after";
      out.accept(
          "%s: %s %.1f s and %d operations".formatted(mutant, found, seconds, trial.operations()));
      return !violations.isEmpty();
    }
  }
}
